import json
import os
import socket
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from mlops_tui.domain.errors import Conflict, InvalidInput, ServiceError
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.endpoint_figures import read_figures
from mlops_tui.domain.serving.endpoint_options import EndpointOptions, options_of
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.tunnel import TunnelClosed
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import records
from mlops_tui.services.serving import servers
from mlops_tui.services.store.store import client
from tests import detached
from tests.making import COLUMNS, log_model, make_run
from tests.patience import PATIENCE
from tests.ports import free_port

NO_STORE = Store("sqlite:////nowhere/mlflow.db")
"""Of a server that serves no model of a store."""
VERSION = ModelVersion(
    "Iris", "2", Stage.PRODUCTION, aliases=("champion", "best"), run_id="r1", source="models:/m-1"
)
ANSWER = """
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
print("up", flush=True)
server.serve_forever()
"""


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


def started(state_dir: Path, port: int, code: str, *arguments: str) -> ProcessRecord:
    """Start what stands for a model server: ours is a command like any other."""
    plan = detached.planned(sys.executable, "-c", code, *arguments)
    details = {"model": "Iris", "version": "2", "port": str(port)}
    record = detached.start(state_dir, replace(plan, title="Iris v2", details=details))
    if "up" in code:
        detached.wait_for(lambda: "up" in detached.log(state_dir, record))
    return record


def only(state_dir: Path) -> ModelServer:
    (server,) = servers.list_servers(state_dir)
    return server


def stop(state_dir: Path, record: ProcessRecord) -> None:
    servers.stop_server(NO_STORE, state_dir, record.process_id)
    detached.ended(state_dir, record)


def test_the_command_serves_this_version_on_this_machine_only(tmp_path: Path) -> None:
    python, program, *words = servers.endpoint_command(VERSION, 1234, "/env/bin/python", tmp_path)
    assert (python, Path(program).name) == ("/env/bin/python", "endpoint_program")
    assert words == [
        *("models:/Iris/2", "--name=Iris", "--version=2"),
        *("--host=127.0.0.1", "--port=1234", f"--folder={tmp_path}"),
    ]


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Modèle é [red] & co", "models:/Modèle é [red] & co/2"),
        ("50% #1", "models:/50% #1/2"),
        ("what?", "models:/m-1"),
        ("two\nlines", "models:/m-1"),
        (" blank ", "models:/ blank /2"),
    ],
)
def test_a_name_that_mlflow_would_cut_is_served_by_its_source(name: str, address: str) -> None:
    version = replace(VERSION, name=name)
    assert address in servers.endpoint_command(version, 1234, "python", Path("/state"))


def test_a_busy_port_is_noticed_before_anything_starts(store: Store, state_dir: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not servers.port_is_free(port)
        with pytest.raises(Conflict, match=f"Port {port} is taken"):
            servers.launch_server(store, state_dir, sys.executable, VERSION, port)
        assert servers.suggest_port(port) > port
    assert not state_dir.exists()
    assert servers.port_is_free(port)


@pytest.mark.parametrize("port", [0, -1, 65_536, 10**9])
def test_a_number_that_is_no_port_is_refused(store: Store, state_dir: Path, port: int) -> None:
    with pytest.raises(InvalidInput, match="Choose 1 to 65535"):
        servers.launch_server(store, state_dir, sys.executable, VERSION, port)


def test_the_last_port_has_no_successor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "port_is_free", lambda _port: False)
    with pytest.raises(Conflict, match="No port from 65535 on is free"):
        servers.suggest_port(65_535)
    assert not servers.port_is_free(10**6)


def test_a_server_gets_a_tunnel_of_its_own_to_a_store_that_needs_one(
    state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\necho refused by $* >&2\nexit 255\n")
    ssh.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    store = Store("http://127.0.0.1:9", ssh="bastion", far_uri="http://far:5000")
    with pytest.raises(
        TunnelClosed, match=r"can be opened for it: refused by .*:far:5000 -- bastion"
    ):
        servers.launch_server(store, state_dir, sys.executable, VERSION, free_port())


def test_a_port_belongs_to_the_server_that_is_still_starting(store: Store, state_dir: Path) -> None:
    port = free_port()
    record = started(state_dir, port, "import time; time.sleep(600)")
    assert only(state_dir).state is ServerState.STARTING
    assert servers.suggest_port(port, state_dir) != port
    with pytest.raises(Conflict, match=f"Port {port} belongs to Iris v2"):
        servers.launch_server(store, state_dir, sys.executable, VERSION, port)
    stop(state_dir, record)
    assert only(state_dir).state is ServerState.STOPPED
    assert servers.suggest_port(port, state_dir) == port


def test_a_server_that_answers_is_ready_until_it_is_stopped(state_dir: Path) -> None:
    port = free_port()
    record = started(state_dir, port, ANSWER, str(port))
    server = only(state_dir)
    assert (server.state, server.record.reason) == (ServerState.READY, "")
    assert server.url == f"http://127.0.0.1:{port}"
    servers.stop_server(NO_STORE, state_dir, record.process_id)
    assert only(state_dir).state in (ServerState.STOPPING, ServerState.STOPPED)
    detached.ended(state_dir, record)
    assert only(state_dir).state is ServerState.STOPPED


def test_a_server_is_not_asked_again_at_once_since_it_logs_each_question(
    state_dir: Path,
) -> None:
    port = free_port()
    record = started(state_dir, port, ANSWER, str(port))
    for _ in range(3):
        assert only(state_dir).state is ServerState.READY
    assert detached.log(state_dir, record).count("GET /ping") == 1
    stop(state_dir, record)


def test_an_endpoint_that_told_its_figures_once_does_not_start_any_more(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import time; print('up', flush=True); time.sleep(600)"
    record = started(state_dir, free_port(), code)
    assert only(state_dir).state is ServerState.STARTING
    with monkeypatch.context() as patched:
        told = read_figures({"in_flight": 0})
        patched.setattr("mlops_tui.services.serving.endpoints.figures", lambda *_: told)
        assert only(state_dir).figures
    assert only(state_dir).state is ServerState.READY
    stop(state_dir, record)


def test_a_ready_server_that_falls_silent_says_so(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    record = started(state_dir, port, ANSWER, str(port))
    assert only(state_dir).state is ServerState.READY
    monkeypatch.setattr(servers, "TRUST", 0)
    monkeypatch.setattr("mlops_tui.services.serving.scoring.ping", lambda _url, _timeout: False)
    server = only(state_dir)
    assert (server.state, server.record.reason) == (
        ServerState.READY,
        "It does not answer now.",
    )
    stop(state_dir, record)


def test_another_program_on_our_port_does_not_make_the_server_ready(state_dir: Path) -> None:
    port = free_port()
    other = started(state_dir, 1, ANSWER, str(port))
    ours = started(state_dir, port, "import time; print('up', flush=True); time.sleep(600)")
    states = {s.record.process_id: s.state for s in servers.list_servers(state_dir)}
    assert states[ours.process_id] is ServerState.STARTING
    stop(state_dir, ours)
    states = {s.record.process_id: s.state for s in servers.list_servers(state_dir)}
    assert states[ours.process_id] is ServerState.STOPPED
    stop(state_dir, other)


def test_a_process_that_ends_while_we_look_does_not_listen() -> None:
    assert servers._listens(replace(detached.python(""), pid=2**30)) is False


def test_a_server_that_failed_says_why(state_dir: Path) -> None:
    code = "raise SystemExit(\"ERROR: [Errno 98] address already in use ('127.0.0.1', 1)\")"
    detached.ended(state_dir, started(state_dir, 1, code))
    server = only(state_dir)
    assert server.state is ServerState.FAILED
    assert "address already in use" in server.record.reason


def test_a_server_remembers_stage_and_aliases_as_they_were(store: Store, state_dir: Path) -> None:
    record = servers.launch_server(store, state_dir, "/no/such/python", VERSION, free_port())
    details = dict(record.details)
    assert details.pop("port").isdecimal()
    assert options_of(details) == EndpointOptions()
    assert {key: details[key] for key in ("model", "version", "stage", "aliases", "run_id")} == {
        "model": "Iris",
        "version": "2",
        "stage": "Production",
        "aliases": '["champion", "best"]',
        "run_id": "r1",
    }
    server = only(state_dir)
    assert (server.model, server.version, server.aliases) == ("Iris", "2", ("champion", "best"))
    assert server.state is ServerState.FAILED
    assert "TMPDIR" in record.environment


def test_a_lost_server_is_lost_whatever_answers_on_its_port(state_dir: Path) -> None:
    port = free_port()
    record = started(state_dir, port, ANSWER, str(port))
    folder = records.directory(state_dir, record.kind, record.process_id)
    records.write(folder, replace(record, boot_id="before"))
    assert only(state_dir).state is ServerState.LOST
    records.write(folder, record)
    stop(state_dir, record)


@pytest.mark.slow
@pytest.mark.xdist_group("serve")
def test_a_version_is_served_by_mlflow_and_answers(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_PORT", "1")
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    logged = log_model(sqlite_store, make_run(sqlite_store))
    name = "Modèle é [red] & co"
    registry = client(sqlite_store)
    registry.create_registered_model(name)
    made = registry.create_model_version(name, logged.uri)
    version = ModelVersion(name, str(made.version), Stage.NONE, source=logged.uri)

    record = servers.launch_server(
        sqlite_store, state_dir, sys.executable, version, servers.suggest_port(free_port())
    )
    assert only(state_dir).state is ServerState.STARTING

    def settled() -> ModelServer | None:
        server = only(state_dir)
        return None if server.state is ServerState.STARTING else server

    server = detached.wait_for(settled)
    assert server.state is ServerState.READY, detached.log(state_dir, record)
    body = json.dumps({"dataframe_split": {"columns": list(COLUMNS), "data": [[0.0, 1.0]]}})
    answer = requests.post(
        f"{server.url}/invocations",
        data=body,
        headers={"Content-Type": "application/json"},
        timeout=PATIENCE,
    )
    assert answer.json() == {"predictions": [0]}
    stop(state_dir, record)
    assert servers.port_is_free(server.port)
    processes.remove(state_dir, record.kind, record.process_id)
    assert servers.list_servers(state_dir) == ()


def test_a_python_without_uvicorn_is_told_before_anything_starts(
    sqlite_store: Store, state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    python = tmp_path / "env" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    with pytest.raises(ServiceError, match=r"/env/bin/python has no uvicorn"):
        servers.launch_server(sqlite_store, state_dir, python, VERSION, free_port())
    assert servers.list_servers(state_dir) == ()
