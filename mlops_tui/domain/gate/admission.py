"""Whether a version may be moved to a stage."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlops_tui.domain.errors import GateRefused, InvalidInput
from mlops_tui.domain.gate.verdict import GateState, champion_of, gate_state, note_of
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.transition import Transition

LONGEST_REASON = 1_000
"""Characters: a sentence or two, not a document."""
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
) -> Admission:
    """Return why the version may be moved. Raises ``GateRefused`` where it may not.

    A failed or missing gate blocks unless a reason is given.
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
    if state.admits:
        return Admission(state, run_id if state is GateState.PASSED else "")
    reason = override_reason.strip()
    if not reason:
        raise GateRefused(
            f"The gate of {transition.model} v{version.version} for {target.after} {WHY[state]}.",
            "Run it with mlops-tui gate run, or override it with a reason.",
        )
    return Admission(state, run_id, reason)


def reason_problem(reason: str) -> str:
    """Return what is wrong with a reason; empty if it may be recorded."""
    if len(reason) > LONGEST_REASON:
        return f"The reason has {len(reason):,} characters; {LONGEST_REASON:,} are kept at most."
    return ""
