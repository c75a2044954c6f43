"""Changes of registered models as runs of MLflow, and back."""

from typing import TYPE_CHECKING

from mlops_tui.domain.experiments.experiment import KIND_TAG
from mlops_tui.domain.models.registry_event import EventKind, Outcome, RegistryEvent
from mlops_tui.domain.runs.run import RunStatus

if TYPE_CHECKING:
    from mlflow import entities

EVENT = "registry-event"
"""The kind of a run that tells of a change."""

TAG = "mlops_tui."
MODEL, CREATED, STATE, CHANGED = (
    f"{TAG}{name}" for name in ("model", "model_created", "model_state", "model_changed")
)
"""Tags of a change: the model's name then, when the model was made, which no renaming changes, what
the model was like afterwards, and (only where that is told) again when it was made."""

TEXTS = ("version", "subject", "before", "after", "also", "reason", "gate_run", "trouble")
"""Fields of an event that are tags of its run."""

OUTCOMES = {RunStatus.FINISHED: Outcome.DONE, RunStatus.FAILED: Outcome.FAILED}


def event_tags(event: RegistryEvent, key: str, by: str) -> dict[str, str]:
    """Return an event as the tags of its run; what is empty is left out."""
    texts = {f"{TAG}{name}": str(getattr(event, name)) for name in TEXTS}
    texts |= {MODEL: event.model, CREATED: key, f"{TAG}event": event.kind.value}
    texts[f"{TAG}overridden"] = "true" if event.overridden else ""
    texts[f"{TAG}since"] = "" if event.since is None else str(event.since)
    texts |= {KIND_TAG: EVENT, "mlflow.user": by}
    return {name: text for name, text in texts.items() if text}


def event_of(run: "entities.Run") -> RegistryEvent:
    """Return the event that a run tells."""
    tags, info = run.data.tags, run.info
    kind, since = tags.get(f"{TAG}event", ""), tags.get(f"{TAG}since", "")
    return RegistryEvent(
        model=tags.get(MODEL, ""),
        kind=EventKind(kind) if kind in list(EventKind) else EventKind.OTHER,
        at=info.end_time or info.start_time or 0,
        since=int(since) if since.isdecimal() and len(since) <= LONGEST_TIME else None,
        by="" if since else info.user_id or tags.get("mlflow.user", ""),
        overridden=tags.get(f"{TAG}overridden") == "true",
        outcome=OUTCOMES.get(info.status, Outcome.UNDERWAY),
        event_id=info.run_id,
        **{name: tags.get(f"{TAG}{name}", "") for name in TEXTS},
    )


def is_look(run: "entities.Run") -> bool:
    """Return whether a run only keeps others from changing a model, and changes nothing."""
    return run.data.tags.get(f"{TAG}event") == EventKind.LOOK


def run_name(event: RegistryEvent) -> str:
    """Return the name of an event's run, as MLflow's own page lists it."""
    return f"{event.model} {event.describe()}"[:LONGEST_NAME]


LONGEST_NAME = 200
LONGEST_TIME = 15
"""Digits of a time in ms that is one."""
