"""Reads the history of a model, and notices what was changed elsewhere meanwhile."""

from contextlib import suppress
from dataclasses import dataclass

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.models.registry_event import EventKind, Outcome, RegistryEvent
from mlops_tui.domain.models.registry_state import ModelState
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history
from mlops_tui.services.models.recorder import Present, Recorder, seen_changes
from mlops_tui.services.models.registry import read_model
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists, registry_client
from mlops_tui.services.worker.calls import is_kept

Told = list[tuple[RegistryEvent, ModelState | None]]
"""Changes, newest first, each with what the model was like afterwards where that is recorded."""


@dataclass(frozen=True, slots=True)
class History:
    """The changes of a model, newest first; ``remark`` says what is left out."""

    events: tuple[RegistryEvent, ...] = ()
    remark: str = ""


@translated()
def read_history(store: Store, model: str, *, may_record: bool) -> History:
    """Return the history of a model, with what was changed elsewhere since its last change.

    With ``may_record`` the latter is recorded, unless the history has not begun: looking does not
    begin it.
    """
    present = _present(store, model)
    told = history.with_states(store, model)
    is_quiet = all(event.outcome is not Outcome.UNDERWAY for event, _ in told)
    if may_record and not is_quiet and _settled(store, model):
        told = history.with_states(store, model)
        is_quiet = True
    unseen = _unseen(told, present) if is_quiet else ()
    if unseen and may_record:
        with suppress(ServiceError):  # they are shown all the same
            _record_seen(store, model)
            told, unseen = history.with_states(store, model), ()
    events = (*reversed(unseen), *(event for event, _ in told))
    return History(events, _remark(model, present, told))


@is_kept
@translated()
def notice(store: Store, model: str) -> None:
    """Record what was changed elsewhere since the last recorded change of a model, if anything."""
    if not exists(store):
        return
    mlflow_client = client(store)
    experiment = history.find(mlflow_client)
    present = _present(store, model) if experiment else None
    if experiment is None or present is None:
        return
    key = str(present[0].created_at or 0)
    recorder = Recorder(store, mlflow_client, experiment, key)
    if recorder.unseen(present) and not recorder.tickets.others():
        _record_seen(store, model)


def _unseen(told: Told, present: Present | None) -> tuple[RegistryEvent, ...]:
    """Return what was changed since the newest change of which a state was recorded."""
    newest = next(((event, state) for event, state in told if state is not None), None)
    if newest is None or present is None:
        return ()
    return seen_changes(newest[1], newest[0].at, present)


def _record_seen(store: Store, model: str) -> None:
    """Record what was changed elsewhere, as the only one who does so now."""
    mlflow_client = client(store)
    recorder = _recorder(store, model)
    if recorder is None:
        return
    ticket = recorder.take(RegistryEvent(model, EventKind.LOOK))
    try:
        recorder.see(read_model(mlflow_client, model))
    finally:
        recorder.tickets.withdraw(ticket)


def _settled(store: Store, model: str) -> bool:
    """Return whether nobody is changing the model now; a dead writer's change is settled."""
    recorder = _recorder(store, model)
    return recorder is not None and not recorder.tickets.others()


def _recorder(store: Store, model: str) -> Recorder | None:
    mlflow_client = client(store)
    experiment = history.find(mlflow_client)
    if experiment is None:
        return None
    key = history.created(mlflow_client.get_registered_model(model))
    return Recorder(store, mlflow_client, experiment, key)


def _present(store: Store, model: str) -> Present | None:
    mlflow_client = registry_client(store)
    try:
        return read_model(mlflow_client, model) if mlflow_client else None
    except NotFound:
        return None


def _remark(model: str, present: Present | None, told: Told) -> str:
    state = next((state for _, state in told if state is not None), None)
    if not told:
        return (
            f"No change of {model} is recorded yet; the first one made here begins its history."
            if present
            else f"There is no model {model}, and no history of one."
        )
    if len(told) >= history.PAGE:
        return f"The newest {history.PAGE:,} changes are shown."
    if state and state.oldest:
        return f"Of versions before v{state.oldest}, changes made elsewhere are not noticed."
    return ""
