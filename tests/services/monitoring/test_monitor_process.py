"""The whole way: an endpoint that captures, a monitor of its own process that is killed, labels."""

import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.monitoring.monitor_standing import MonitorState
from mlops_tui.domain.processes.process import MONITOR_ID, ProcessKind, ProcessRecord
from mlops_tui.domain.serving.endpoint_options import CaptureChoice, EndpointOptions
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.monitoring import monitor_folder, monitor_launch, monitor_runs, monitors
from mlops_tui.services.monitoring.monitor_setup import MonitorWish, plan_monitor
from mlops_tui.services.serving import endpoints, servers
from mlops_tui.services.store.store import client
from tests import detached
from tests.making import COLUMNS, log_model, make_run
from tests.ports import free_port
from tests.services.monitoring.conftest import registered

if TYPE_CHECKING:
    from mlops_tui.domain.json_text import Json

NAME = "Iris"
JSON = {"Content-Type": "application/json"}


def served(store: Store, state_dir: Path) -> ProcessRecord:
    """Serve version 1 with capture; return once it answers."""
    logged = log_model(store, make_run(store))
    client(store).create_registered_model(NAME)
    client(store).create_model_version(NAME, logged.uri)
    client(store).set_registered_model_alias(NAME, "champion", "1")
    options = EndpointOptions(capture=CaptureChoice(share=1.0))
    version = list_versions(store, NAME)[0]
    record = servers.launch_server(store, state_dir, sys.executable, version, free_port(), options)
    detached.wait_for(lambda: servers.list_servers(state_dir)[0].figures)
    return record


def ask(state_dir: Path, count: int, first: int) -> list[str]:
    """Send requests of one row each; return their ids."""
    (server,) = servers.list_servers(state_dir)
    ids = [f"mine-{number}" for number in range(first, first + count)]
    for place, request_id in enumerate(ids):
        row = [0.0, 1.0] if place % 2 else [2.0, 3.0]
        body = json.dumps({"dataframe_split": {"columns": list(COLUMNS), "data": [row]}})
        where = f"{server.url}/invocations"
        answer = requests.post(where, body, headers=JSON | {"x-request-id": request_id}, timeout=60)
        assert answer.status_code == 200
    return ids


def reference(path: Path) -> Path:
    """Write rows with labels alone: the model is asked for the rest."""
    rows = [f"{w}.0,{w + 1}.0,{int(w > 1)}" for w in (0, 2) for _ in range(150)]
    path.write_text("\n".join(["width,length,label", *rows]))
    return path


def kill(state_dir: Path, monitor_id: str) -> None:
    """Kill the process of a monitor with its supervisor, as a restart of the machine does."""
    (record,) = monitor_launch.of_monitor(state_dir, monitor_id)
    for pid in (record.supervisor_pid, record.pid):
        with suppress(ProcessLookupError):
            os.kill(pid or 0, signal.SIGKILL)
    detached.wait_for(
        lambda: not processes.get(state_dir, record.kind, record.process_id).state.is_active
    )


@pytest.mark.slow
@pytest.mark.xdist_group("serve")
def test_a_monitor_watches_an_endpoint_is_killed_goes_on_and_takes_late_labels(
    sqlite_store: Store, tmp_path: Path
) -> None:
    store, state_dir = sqlite_store, tmp_path / "state"
    with detached.nothing_left_behind():
        endpoint = served(store, state_dir)
        ids = ask(state_dir, 45, 0)
        path = reference(tmp_path / "reference.csv")
        wish = MonitorWish("Iris@champion", chunk="40", reference=str(path), folder=tmp_path)
        plan = plan_monitor(store, state_dir, wish)
        made = monitors.create(store, state_dir, plan)
        assert (made.state, plan.title) == (MonitorState.RUNNING, "Iris@champion")

        def chunks(count: int) -> bool:
            standing = monitors.read(store, state_dir, plan.monitor_id, chunks=0)
            assert standing.state is not MonitorState.FAILED, log(state_dir, plan.monitor_id)
            return standing.chunk_count >= count

        detached.wait_for(lambda: chunks(1))
        kill(state_dir, plan.monitor_id)
        standing = monitors.read(store, state_dir, plan.monitor_id)
        assert standing.state is MonitorState.FAILED
        assert standing.chunks[0].estimated, log(state_dir, plan.monitor_id)

        ids += ask(state_dir, 40, 45)
        assert monitors.resume(store, state_dir) == (plan.title,)
        assert monitors.resume(store, state_dir) == ()
        detached.wait_for(lambda: chunks(2))
        labels: list[Json] = [{"request_id": each, "label": 1} for each in ids]
        assert endpoints.add_labels(state_dir, endpoint, labels) == len(ids)

        def labelled() -> bool:
            found = monitors.read(store, state_dir, plan.monitor_id).chunks
            return [chunk.labels for chunk in found] == [40, 40]

        detached.wait_for(labelled)
        found_out(store, state_dir, plan.monitor_id)
        ended(store, state_dir, plan.monitor_id, endpoint)


def found_out(store: Store, state_dir: Path, monitor_id: str) -> None:
    """Each chunk is counted once, with all of its labels."""
    standing = monitors.read(store, state_dir, monitor_id, chunks=2)
    assert [(chunk.number, chunk.rows) for chunk in standing.chunks] == [(1, 40), (2, 40)]
    assert standing.chunks[0].realised
    assert standing.chunks[0].realised.value == 0.5
    detached.wait_for(lambda: monitors.read(store, state_dir, monitor_id).rows_waiting == 5)
    history = client(store).get_metric_history(standing.run_id, "drift/rows")
    assert [each.step for each in history] == [1, 2]


def ended(store: Store, state_dir: Path, monitor_id: str, endpoint: ProcessRecord) -> None:
    """Stop the monitor and remove it, then stop the endpoint."""
    stopped = monitors.stop(store, state_dir, monitor_id)
    (record,) = monitor_launch.of_monitor(state_dir, monitor_id)
    detached.ended(state_dir, record)
    assert stopped.state in (MonitorState.STOPPED, MonitorState.RUNNING)
    assert monitors.resume(store, state_dir) == ()
    monitors.remove(store, state_dir, monitor_id)
    assert not monitor_folder.folder_of(state_dir, monitor_id).exists()
    servers.stop_server(store, state_dir, endpoint.process_id)
    detached.ended(state_dir, endpoint)


def log(state_dir: Path, monitor_id: str) -> str:
    found = [
        detached.log(state_dir, record)
        for record in processes.list_processes(state_dir, ProcessKind.MONITOR)
        if record.details[MONITOR_ID] == monitor_id
    ]
    return "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("receiver", ["pid", "supervisor_pid"])
def test_a_monitor_that_is_ended_by_sigterm_is_stopped_and_can_go_on(
    sqlite_store: Store, tmp_path: Path, receiver: str
) -> None:
    watched = registered(sqlite_store, tmp_path)
    plan = watched.create()
    with detached.nothing_left_behind():
        monitors.start(sqlite_store, watched.state_dir, plan.monitor_id)
        (record,) = monitor_launch.of_monitor(watched.state_dir, plan.monitor_id)
        os.kill(getattr(record, receiver), signal.SIGTERM)
        detached.ended(watched.state_dir, record)
        standing = watched.standing(plan)
        assert (standing.state, standing.problem) == (MonitorState.STOPPED, "")
        assert monitors.resume(sqlite_store, watched.state_dir) == (plan.title,)
        monitors.remove(sqlite_store, watched.state_dir, plan.monitor_id)


def test_a_monitor_of_another_machine_is_neither_started_nor_gone_on_with(
    sqlite_store: Store, tmp_path: Path
) -> None:
    watched = registered(sqlite_store, tmp_path)
    plan = watched.create()
    run = monitor_runs.list_runs(sqlite_store)[0]
    heard = str(monitor_folder.now())
    tags = {monitor_runs.STATE: "on", monitor_runs.HOST: "far", monitor_runs.HEARD: heard}
    monitor_runs.set_tags(sqlite_store, run.run_id, tags)
    assert watched.standing(plan).state is MonitorState.ELSEWHERE
    assert monitors.resume(sqlite_store, watched.state_dir) == ()
    with pytest.raises(Conflict, match="runs on far"):
        monitors.start(sqlite_store, watched.state_dir, plan.monitor_id)
    monitor_runs.set_tags(sqlite_store, run.run_id, {monitor_runs.HEARD: "1"})
    assert watched.standing(plan).state is MonitorState.FAILED
