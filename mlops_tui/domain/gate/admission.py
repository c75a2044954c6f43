"""Whether a version may be moved to a stage."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from mlops_tui.domain.errors import GateRefused, InvalidInput
from mlops_tui.domain.gate.rules import gate_tag
from mlops_tui.domain.gate.verdict import (
    OVERRIDDEN,
    STATUS_TAG,
    GateState,
    VerdictNote,
    champion_of,
    gate_state,
    note_of,
)
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import reason_problem
from mlops_tui.domain.models.transition import Transition

WHY = {
    GateState.MISSING: "has not been run",
    GateState.STALE: "was run before its rules or the version in the stage changed",
    GateState.RUNNING: "is being run",
    GateState.FAILED: "was failed",
}


@dataclass(frozen=True, slots=True)
class Admission:
    """Why a version may enter a stage: the state of the gate, with its validation run if any."""

    state: GateState = GateState.NONE
    run_id: str = ""
    reason: str = ""
    """Why the gate was overridden; empty where it was not."""
    note: VerdictNote | None = None
    """What is to stand on the version where the gate was overridden."""

    @property
    def is_overridden(self) -> bool:
        """Whether a person let the version in against its gate."""
        return bool(self.reason)


def admit(
    transition: Transition,
    versions: Iterable[ModelVersion],
    model_tags: Mapping[str, str],
    *,
    override_reason: str = "",
    comes_back: bool = False,
) -> Admission:
    """Return why the version may be moved. Raises ``GateRefused`` where it may not.

    A failed or missing gate blocks unless a reason is given. Of a version that ``comes_back`` to
    where it was, the verdict of then counts: only a failed one blocks.
    """
    if problem := reason_problem(override_reason):
        raise InvalidInput(problem)
    known = list(versions)
    target = transition.target
    version = next((each for each in known if each.version == target.version), None)
    if version is None:
        return Admission()  # the move itself tells that it is gone
    champion = champion_of(known, target.after, version.version)
    state = gate_state(version, target.after, model_tags, champion)
    note = note_of(version, target.after)
    run_id = note.run_id if note else ""
    if comes_back and note and note.status == GateState.FAILED:
        state = GateState.FAILED
    elif comes_back or state.admits:
        return Admission(state, run_id if comes_back or state is GateState.PASSED else "")
    reason = override_reason.strip()
    if not reason:
        raise GateRefused(
            f"The gate of {transition.model} v{version.version} for {target.after} {WHY[state]}.",
            "Run it with mlops-tui gate run, or override it with a reason.",
        )
    before = note or VerdictNote("", "", "", champion, 0, version.created_at)
    return Admission(state, run_id, reason, replace(before, status=OVERRIDDEN))


def override_tags(transition: Transition, admission: Admission, at: int) -> dict[str, str]:
    """Return the tags that tell on a version that its gate was overridden."""
    if admission.note is None:
        return {}
    text = replace(admission.note, at=at).as_json()
    return {STATUS_TAG: OVERRIDDEN, gate_tag(transition.target.after): text}
