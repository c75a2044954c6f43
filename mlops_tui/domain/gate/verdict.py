"""What a gate found out about a version, and whether that still counts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.gate.rules import gate_tag, parse_rules, rules_of
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage

STATUS_TAG = "validation_status"
RUN_TAG = "validation_run_id"
OVERRIDDEN = "overridden"


class Outcome(StrEnum):
    """What became of one rule."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_EVALUATED = "not evaluated"


class GateState(StrEnum):
    """Whether a version may enter a stage."""

    NONE = "no gate"
    MISSING = "missing"
    """The gate has not been run for this version."""
    STALE = "stale"
    """It has been, but the rules or the version in the stage have changed since."""
    RUNNING = "running"
    PASSED = "passed"
    FAILED = "failed"
    OVERRIDDEN = "overridden"
    """It failed or was missing, and a person moved the version all the same."""

    @property
    def admits(self) -> bool:
        """Whether a version in this state may be moved without a reason."""
        return self in (GateState.NONE, GateState.PASSED)


Measured = float | str | None
"""A number, a word, or nothing where nothing could be measured."""


@dataclass(frozen=True, slots=True)
class RuleResult:
    """What became of one rule, on all rows or on one slice; ``n`` rows were looked at."""

    rule: str
    outcome: Outcome
    candidate: Measured = None
    champion: Measured = None
    limit: str = ""
    n: int | None = None
    low: float | None = None
    high: float | None = None
    """The interval of the difference to the champion."""
    reason: str = ""
    """Why it failed or was not evaluated."""
    is_blocking: bool = False
    """Whether it keeps the version out of the stage."""
    number: int = 0
    """Which rule of the gate it is, from 1 on."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate found out, rule by rule. ``at`` is in milliseconds since the epoch."""

    model: str
    version: str
    stage: Stage
    status: str
    run_id: str
    champion: str
    """The number of the version that it was compared with; empty where there was none."""
    rules_digest: str
    at: int
    results: tuple[RuleResult, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing keeps the version out of the stage."""
        return self.status == Outcome.PASSED


@dataclass(frozen=True, slots=True)
class VerdictNote:
    """The verdict as a tag of the version holds it."""

    status: str
    run_id: str
    rules_digest: str
    champion: str
    at: int
    created_at: int | None = None
    """When the version was made: a copy takes the tag along, which tells nothing of the copy."""

    def as_json(self) -> str:
        """Return the text of the tag."""
        return json.dumps(
            {
                "status": self.status,
                "run": self.run_id,
                "rules": self.rules_digest,
                "champion": self.champion,
                "at": self.at,
                "created": self.created_at,
            }
        )


def note_of(version: ModelVersion, stage: Stage) -> VerdictNote | None:
    """Return the verdict that a version's tag holds; None where there is none that makes sense."""
    try:
        found = json.loads(version.tags.get(gate_tag(stage), ""))
        keys = ("status", "run", "rules", "champion")
        status, run_id, digest, champion = (str(found.get(key, "")) for key in keys)
        at, created = int(found.get("at", 0)), found.get("created")
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError):
        return None  # anybody may have written into the tag
    note = VerdictNote(status, run_id, digest, champion, at, created)
    return note if created == version.created_at else None


def champion_of(versions: Iterable[ModelVersion], stage: Stage, candidate: str) -> str:
    """Return the newest other version in a stage, empty where there is none."""
    others = [v.version for v in versions if v.stage == stage and v.version != candidate]
    return max(others, key=int, default="")


def gate_state(
    version: ModelVersion, stage: Stage, model_tags: Mapping[str, str], champion: str
) -> GateState:
    """Return the state of a stage's gate for a version, as tags alone tell it.

    ``champion`` is what ``champion_of`` says now. A version that is in the stage keeps the verdict
    that let it in.
    """
    text = rules_of(model_tags, stage)
    if not text:
        return GateState.NONE
    note = note_of(version, stage)
    if note is None or note.status not in (Outcome.PASSED, Outcome.FAILED, OVERRIDDEN):
        return GateState.MISSING
    try:
        digest = parse_rules(text).digest
    except InvalidInput:
        return GateState.STALE  # nobody can say what they are
    is_there = version.stage == stage
    if not is_there and (note.rules_digest != digest or note.champion != champion):
        return GateState.STALE
    return (
        GateState.MISSING if note.status == OVERRIDDEN and not is_there else GateState(note.status)
    )
