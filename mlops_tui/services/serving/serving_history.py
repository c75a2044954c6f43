"""Tells the history of a model where its versions are served, and what lets an endpoint do so."""

import socket
from contextlib import suppress

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.model_server import port_of
from mlops_tui.domain.store import Store
from mlops_tui.services.limited_http import TooLateError, within
from mlops_tui.services.models import history
from mlops_tui.services.models.event_runs import event_tags
from mlops_tui.services.processes.child_environment import absolute
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, ensure, exists

LIMIT = 3.0
"""Seconds for which a server that starts or ends waits for the store to take that down."""


def record_start(store: Store, server: ProcessRecord) -> None:
    """Record that a version is served from now on."""
    where = f"{socket.gethostname()}:{port_of(server)}"
    _record(store, server, RegistryEvent(*_of(server), after=where))


def record_stop(store: Store, server: ProcessRecord) -> None:
    """Record that a server was stopped, if it is one of this store."""
    where = f"{socket.gethostname()}:{port_of(server)}"
    _record(store, server, RegistryEvent(*_of(server), before=where))


def plan_of_swaps(store: Store, server: ProcessRecord) -> dict[str, object] | None:
    """Return what an endpoint needs to record which version answers after which.

    It does so itself, as nobody else may be looking. None where the store keeps no history.
    """
    where = f"{socket.gethostname()}:{port_of(server)}"
    model, _, _ = _of(server)
    event = RegistryEvent(model, EventKind.SWAPPED, subject=where)

    def plan() -> dict[str, object]:
        ensure(store)
        mlflow_client = client(store)
        key = history.created(mlflow_client.get_registered_model(model))
        tags = event_tags(event, key, by=f"endpoint {where}")
        title = f"endpoint {where}"
        experiment = history.begin(store, mlflow_client)
        return {"experiment_id": experiment, "tags": tags, "title": title}

    with suppress(ServiceError, TooLateError), translated():
        return within(LIMIT, plan)
    return None


def _of(server: ProcessRecord) -> tuple[str, EventKind, str]:
    return server.details.get("model", ""), EventKind.SERVED, server.details.get("version", "")


def _record(store: Store, server: ProcessRecord, event: RegistryEvent) -> None:
    """Record an event, unless the store cannot: serving does not depend on it."""
    if not event.model or server.store != absolute(store).label:
        return
    with suppress(ServiceError, TooLateError):
        within(LIMIT, lambda: history.record(store, event) if exists(store) else None)
