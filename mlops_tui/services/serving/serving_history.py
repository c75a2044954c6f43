"""Tells the history of a model on which machine its versions are served."""

import socket
from contextlib import suppress

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.model_server import port_of
from mlops_tui.domain.store import Store
from mlops_tui.services.limited_http import TooLateError, within
from mlops_tui.services.models import history
from mlops_tui.services.processes.child_environment import absolute
from mlops_tui.services.store.store import exists

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


def _of(server: ProcessRecord) -> tuple[str, EventKind, str]:
    return server.details.get("model", ""), EventKind.SERVED, server.details.get("version", "")


def _record(store: Store, server: ProcessRecord, event: RegistryEvent) -> None:
    """Record an event, unless the store cannot: serving does not depend on it."""
    if not event.model or server.store != absolute(store).label:
        return
    with suppress(ServiceError, TooLateError):
        within(LIMIT, lambda: history.record(store, event) if exists(store) else None)
