"""What the history of a model tells of its servers."""

import socket
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.models.registry_event import EventKind
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history, registration
from mlops_tui.services.serving import servers, serving_history
from mlops_tui.services.store import store as stores
from tests import detached
from tests.making import unique
from tests.ports import free_port
from tests.services.models.test_registry import ELSEWHERE
from tests.services.serving.test_servers import VERSION


def server(store: Store, model: str) -> ProcessRecord:
    plan = detached.planned("true")
    details = {"model": model, "version": "1", "port": "1234"}
    return replace(plan, details=details, store=store.label)


def test_the_history_tells_where_a_version_was_served_from_when_to_when(any_store: Store) -> None:
    name = unique("iris")
    registration.register(any_store, name=name, model=ELSEWHERE, run_id="")
    serving_history.record_start(any_store, server(any_store, name))
    serving_history.record_stop(any_store, server(any_store, name))
    stopped, started, _registered = history.events(any_store, name)
    assert started.kind is EventKind.SERVED
    assert started.describe() == f"v1 served at {socket.gethostname()}:1234"
    assert stopped.describe() == "v1 no longer served"


def test_what_the_history_cannot_tell_keeps_no_server_from_running(
    sqlite_store: Store, tmp_path: Path
) -> None:
    other = Store(f"sqlite:///{tmp_path / 'other.db'}")
    before = stores.fingerprint(sqlite_store)
    serving_history.record_start(sqlite_store, server(sqlite_store, "not registered"))
    serving_history.record_start(sqlite_store, server(other, "iris"))
    serving_history.record_stop(other, server(other, "iris"))
    assert stores.fingerprint(sqlite_store) == before
    assert not stores.exists(other)


def test_a_server_that_is_launched_is_told(sqlite_store: Store, tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    registration.register(sqlite_store, name=VERSION.name, model=ELSEWHERE, run_id="")
    version = replace(VERSION, version="1")
    with detached.nothing_left_behind():
        record = servers.launch_server(
            sqlite_store, state_dir, "/no/such/python", version, free_port()
        )
        detached.ended(state_dir, record)
    assert history.events(sqlite_store, VERSION.name)[0].describe().startswith("v1 served at ")
