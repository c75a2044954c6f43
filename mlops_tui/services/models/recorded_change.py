"""How a registered model is changed: by one at a time, compared with what was shown, recorded."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

from mlops_tui.domain.errors import Conflict, InvalidInput, ServiceError, Unreachable
from mlops_tui.domain.models.registry_event import Recorded, RegistryEvent, reason_problem
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history
from mlops_tui.services.models.recorder import Present, Recorder
from mlops_tui.services.models.registry import read_model
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, ensure

if TYPE_CHECKING:
    from mlflow import MlflowClient

T = TypeVar("T")


@translated()
def change(
    store: Store,
    event: RegistryEvent,
    *,
    check: Callable[[Present], None],
    write: Callable[["MlflowClient"], T],
    describe: Callable[[T], RegistryEvent] | None = None,
    after: Callable[[T], Present] | None = None,
) -> Recorded[T]:
    """Change a model while nobody else does, unless ``check`` raises; record it as ``event``.

    ``check`` compares the model, as it is right before ``write``, with what was shown.
    ``describe`` returns the event where that depends on the answer of ``write``; ``after`` returns
    the model as it is then, where ``write`` has read it anyway. Where the history cannot be
    written, the change is made all the same, and the answer says so.
    """
    if problem := reason_problem(event.reason):
        raise InvalidInput(problem)
    ensure(store)
    mlflow_client = client(store)
    key = history.created(mlflow_client.get_registered_model(event.model))
    try:
        recorder = Recorder(store, mlflow_client, history.begin(store, mlflow_client), key)
    except Unreachable:
        raise
    except ServiceError as failure:
        return _unrecorded_change(mlflow_client, event, check, write, failure)
    try:
        with translated():
            ticket = recorder.take(event)
    except (Conflict, Unreachable):
        raise
    except ServiceError as failure:
        return _unrecorded_change(mlflow_client, event, check, write, failure)
    value = _checked_write(mlflow_client, recorder, ticket, event, check, write)
    try:
        with translated():
            event = describe(value) if describe else event
            recorder.finish(ticket, event, after(value) if after else recorder.present(event))
    except ServiceError as failure:
        return Recorded(value, f"It was done, but is not recorded yet: {failure}")
    return Recorded(value)


def _unrecorded_change(
    mlflow_client: "MlflowClient",
    event: RegistryEvent,
    check: Callable[[Present], None],
    write: Callable[["MlflowClient"], T],
    failure: ServiceError,
) -> Recorded[T]:
    check(read_model(mlflow_client, event.model))
    return Recorded(write(mlflow_client), f"It was done, but the history lacks it: {failure}")


def _checked_write(
    mlflow_client: "MlflowClient",
    recorder: Recorder,
    ticket: str,
    event: RegistryEvent,
    check: Callable[[Present], None],
    write: Callable[["MlflowClient"], T],
) -> T:
    """Compare, then write; where either fails, record what was done in spite of that, if any."""
    try:
        with translated():
            before = read_model(mlflow_client, event.model)
            recorder.see(before)
            check(before)
            recorder.tickets.check(ticket)
    except BaseException:
        with suppress(ServiceError), translated():
            recorder.tickets.withdraw(ticket)
        raise
    try:
        with translated():
            return write(mlflow_client)
    except ServiceError as failure:
        with suppress(ServiceError), translated():
            after = recorder.present(event)
            if after == before:
                recorder.tickets.withdraw(ticket)
            else:
                recorder.finish(ticket, event, after, trouble=failure.message)
        raise
