"""One change of a registered model, as its history tells it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class EventKind(StrEnum):
    """What was changed."""

    STAGE = "stage"
    ALIAS = "alias"
    DESCRIPTION = "description"
    TAGS = "tags"
    REGISTERED = "registered"
    RENAMED = "renamed"
    DELETED = "deleted"
    GATE = "gate"
    GATE_RULES = "gate rules"
    RETRAINING_RULE = "retraining rule"
    RETRAINING = "retraining"
    SERVED = "served"
    SWAPPED = "swapped"
    """Another version answers at an endpoint."""
    ROLLBACK = "rollback"
    LOOK = "look"
    """Nothing was changed: somebody noticed, and records, what was changed elsewhere."""
    OTHER = "change"
    """Recorded by a version of mlops-tui that knows more kinds."""


class Outcome(StrEnum):
    """What became of a change."""

    DONE = "done"
    UNDERWAY = "underway"
    """It was begun; its end is not recorded (yet)."""
    FAILED = "failed"
    """It was not done, or only in part; ``trouble`` says so."""


@dataclass(frozen=True, slots=True)
class RegistryEvent:
    """A change: who, when, what, from what to what, why. Times are ms since the epoch."""

    model: str
    """The model's name at that time."""
    kind: EventKind
    version: str = ""
    subject: str = ""
    """What it is about besides the version: an alias, the stage of a gate or a rollback."""
    before: str = ""
    after: str = ""
    also: str = ""
    """What was changed along with it, as in "v1: Production → Archived; @previous → v1"."""
    at: int = 0
    since: int | None = None
    """Of a change made elsewhere: it was made between then and ``at``, when it was seen."""
    by: str = ""
    reason: str = ""
    gate_run: str = ""
    overridden: bool = False
    """Whether it was done although a gate failed or was missing."""
    outcome: Outcome = Outcome.DONE
    trouble: str = ""
    event_id: str = ""
    """Its run in MLflow; empty where it is not recorded."""

    @property
    def is_seen(self) -> bool:
        """Whether it was made elsewhere, so that only its traces were seen here."""
        return self.since is not None

    def describe(self) -> str:
        """Say what was changed, as in "v2: None → Production; v1: Production → Archived"."""
        return "; ".join(filter(None, (_what(self), self.also)))


def why(event: RegistryEvent) -> str:
    """Return why a change was made, with what went wrong, if anything."""
    parts = [event.reason]
    if event.overridden:
        parts.insert(0, "gate overridden")
    if event.outcome is not Outcome.DONE:
        parts.append(f"{event.outcome}: {event.trouble}".removesuffix(": "))
    return " · ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class Recorded(Generic[T]):
    """What a write to the registry came to."""

    value: T
    unrecorded: str = ""
    """Why the history does not tell of it; empty when it does."""


def _what(event: RegistryEvent) -> str:
    after = event.after or "(empty)"
    return WORDS[event.kind].format(
        of=f"v{event.version}" if event.version else "the model",
        subject=event.subject,
        after=after,
        change=f"{event.before} → {after}" if event.before else after,
        moved=f"{_numbers(event.before)} → {_numbers(event.after)}",
        served=f"served at {event.after}" if event.after else "no longer served",
    )


def _numbers(versions: str) -> str:
    """Return version numbers, separated by commas, as they are shown."""
    return ", ".join(f"v{number}" for number in versions.split(",") if number) or "nothing"


WORDS = {
    EventKind.STAGE: "{of}: {change}",
    EventKind.ALIAS: "@{subject}: {moved}",
    EventKind.DESCRIPTION: "description of {of}: {change}",
    EventKind.TAGS: "tags of {of}: {change}",
    EventKind.REGISTERED: "{of} registered",
    EventKind.RENAMED: "renamed: {change}",
    EventKind.DELETED: "{of} deleted",
    EventKind.GATE: "gate of {subject} for {of}: {after}",
    EventKind.GATE_RULES: "gate rules of {subject}: {change}",
    EventKind.RETRAINING_RULE: "retraining rule: {change}",
    EventKind.RETRAINING: "retraining begun: {after}",
    EventKind.SERVED: "{of} {served}",
    EventKind.SWAPPED: "endpoint {subject}: {moved}",
    EventKind.LOOK: "a look at {of}",
    EventKind.OTHER: "{subject} of {of}: {change}",
    EventKind.ROLLBACK: "rollback of {subject}: {moved}",
}

LONGEST_REASON = 2_000
LONGEST_TEXT = 1_000
"""Characters of a description or of tags that the history keeps."""


def reason_problem(reason: str) -> str:
    """Return why a reason is not taken, or an empty string."""
    if len(reason) > LONGEST_REASON:
        return (
            f"The reason has {len(reason):,} characters; the history keeps {LONGEST_REASON:,}. "
            "Shorten it."
        )
    return ""


def shortened(text: str) -> str:
    """Return as much of a text as the history keeps, and how much it leaves out."""
    if len(text) <= LONGEST_TEXT:
        return text
    return f"{text[:LONGEST_TEXT]}… ({len(text) - LONGEST_TEXT:,} more characters)"
