"""A real endpoint: MLflow's scoring app with figures, capture, following and a rival around it."""

import json
import os
import socket
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import psutil
import pytest
import requests

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.endpoint_options import CaptureChoice, EndpointOptions, Rivalry
from mlops_tui.domain.serving.environment_check import EnvManager
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history
from mlops_tui.services.serving import endpoints, servers
from mlops_tui.services.store.store import client
from tests import detached
from tests.making import COLUMNS, log_model, make_run
from tests.patience import PATIENCE
from tests.ports import free_port
from tests.services.serving import fake_uv

NAME = "Iris"
REQUEST = {"dataframe_split": {"columns": list(COLUMNS), "data": [[0.0, 1.0]]}}
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Served:
    """An endpoint of this test."""

    store: Store
    state_dir: Path
    record: ProcessRecord

    @property
    def server(self) -> ModelServer:
        (found,) = servers.list_servers(self.state_dir)
        return found

    def figures(self) -> Any:
        return detached.wait_for(lambda: self.server.figures)

    def ask(self, body: object = REQUEST, **headers: str) -> requests.Response:
        where = f"{self.server.url}/invocations"
        return requests.post(where, json.dumps(body), headers=JSON | headers, timeout=PATIENCE)

    def captured(self) -> list[dict[str, Any]]:
        folder = self.state_dir / self.record.kind / self.record.process_id / "captured"
        lines = (file.read_text().splitlines() for file in folder.glob("capture-*.jsonl"))
        return [json.loads(line) for found in lines for line in found]


def version(number: int) -> ModelVersion:
    return ModelVersion(NAME, str(number), Stage.NONE)


@pytest.fixture
def three_versions(sqlite_store: Store) -> Store:
    """Iris 1 to 3, of which the alias champion means the first; the last requires more."""
    run_id = make_run(sqlite_store)
    logged = log_model(sqlite_store, run_id)
    other = log_model(sqlite_store, run_id, requirements=("scikit-learn", "petals==2"))
    registry = client(sqlite_store)
    registry.create_registered_model(NAME)
    for each in (logged, logged, other):
        registry.create_model_version(NAME, each.uri)
    registry.set_model_version_tag(NAME, "2", "validation_status", "passed")
    registry.set_registered_model_alias(NAME, "champion", "1")
    return sqlite_store


@pytest.fixture
def endpoint(
    three_versions: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    """Version 1, which follows the alias champion, captures all, with version 2 as its shadow."""
    monkeypatch.setenv("PATH", str(fake_uv.put_on_path(tmp_path / "bin")), prepend=os.pathsep)
    monkeypatch.setenv("MLFLOW_ENV_ROOT", str(tmp_path / "environments"))
    state_dir = tmp_path / "state"
    options = EndpointOptions(
        follow="alias:champion",
        capture=CaptureChoice(share=1.0, columns={COLUMNS[0]: "hash"}),
        rival=Rivalry("2", "shadow", 1.0),
        env_manager=EnvManager.UV,
    )
    with detached.nothing_left_behind():
        record = servers.launch_server(
            three_versions, state_dir, sys.executable, version(1), free_port(), options
        )
        served = Served(three_versions, state_dir, record)

        def is_ready() -> bool:
            assert served.server.state in (ServerState.STARTING, ServerState.READY), log(served)
            return served.server.figures is not None

        detached.wait_for(is_ready)
        yield served
        servers.stop_server(three_versions, state_dir, record.process_id)
        detached.ended(state_dir, record)


def log(served: Served) -> str:
    return detached.log(served.state_dir, served.record)


@pytest.mark.slow
@pytest.mark.xdist_group("serve")
def test_an_endpoint_counts_captures_and_compares(endpoint: Served) -> None:
    only_who_knows_the_token_is_told_more_than_figures(endpoint)
    answer = endpoint.ask(**{"x-request-id": "mine-1"})
    assert (answer.json(), answer.headers["x-request-id"]) == ({"predictions": [0]}, "mine-1")
    assert answer.headers["x-model-version"] == "1"
    made = endpoint.ask(**{"x-request-id": "two words"}).headers["x-request-id"]
    assert len(made) == 32
    refused = endpoint.ask({"neither": 1})
    assert refused.status_code == 400

    detached.wait_for(lambda: len(endpoint.captured()) == 3)
    first, _, wrong = endpoint.captured()
    assert (first["request_id"], first["status"], wrong["status"]) == ("mine-1", 200, 400)
    hashed, kept = json.loads(first["request"])["dataframe_split"]["data"][0]
    assert (len(hashed), kept) == (16, 1.0)

    detached.wait_for(lambda: endpoint.figures().rival.compared == 2)
    figures = endpoint.figures()
    assert (figures.requests, figures.errors, figures.rival.agreement) == (3, {"400": 1}, 1.0)
    assert "exactly one of the input fields" in figures.last_errors[0].text
    assert figures.capture.written == 3
    assert f'served_model_info{{model="{NAME}",version="1"}} 1' in metrics(endpoint)

    taken = endpoints.add_labels(
        endpoint.state_dir, endpoint.record, [{"request_id": "mine-1", "label": 1}]
    )
    assert taken == 1
    with pytest.raises(Conflict, match="label 1 names no request_id"):
        endpoints.add_labels(endpoint.state_dir, endpoint.record, [{}])
    endpoints.capture(endpoint.state_dir, endpoint.record, CaptureChoice())
    endpoint.ask()
    detached.wait_for(lambda: endpoint.figures().requests == 4)
    assert len(endpoint.captured()) == 3
    with pytest.raises(InvalidInput):
        endpoints.capture(endpoint.state_dir, endpoint.record, CaptureChoice(share=2))


def reached(answers: Counter[tuple[int, str]], version: str, number: int) -> bool:
    return answers[200, version] >= number


def metrics(endpoint: Served) -> str:
    return requests.get(f"{endpoint.server.url}/metrics", timeout=PATIENCE).text


def only_who_knows_the_token_is_told_more_than_figures(endpoint: Served) -> None:
    url = endpoint.server.url
    for given in ({}, {"Authorization": "Bearer wrong"}):
        assert requests.get(f"{url}/state", headers=given, timeout=PATIENCE).status_code == 401
        for path in ("capture", "labels", "swap-back"):
            refused = requests.post(f"{url}/{path}", "{}", headers=given, timeout=PATIENCE)
            assert refused.status_code == 401
    token = endpoint.state_dir / endpoint.record.kind / endpoint.record.process_id / "token"
    assert token.stat().st_mode & 0o777 == 0o600
    assert token.read_text() not in log(endpoint) + " ".join(endpoint.record.command)


@pytest.mark.slow
@pytest.mark.xdist_group("serve")
def test_an_alias_moves_under_load_and_no_request_is_lost(endpoint: Served, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="No other version has answered here yet"):
        endpoints.swap_back(endpoint.store, endpoint.state_dir, endpoint.record)
    answers = answers_while_the_alias_moves(endpoint)
    assert {status for status, _ in answers} == {200}
    assert answers.total() >= 1_000
    figures = endpoint.figures()
    assert (figures.version, figures.previous, figures.error_count) == ("3", "2", 0)
    assert figures.capture.dropped == 0
    (process,) = processes_beside(endpoint)

    assert endpoints.swap_back(endpoint.store, endpoint.state_dir, endpoint.record) == "2"
    assert endpoint.ask().headers["x-model-version"] == "2"
    assert endpoint.server.version == "2"
    assert endpoints.swap_back(endpoint.store, endpoint.state_dir, endpoint.record) == "3"
    detached.wait_for(lambda: len(swaps(endpoint)) == 4)
    by = f"endpoint {socket.gethostname()}:{endpoint.server.port}"
    assert [(each.also, each.by == by, each.reason) for each in swaps(endpoint)] == [
        ("no verdict of a gate", False, "swapped back"),
        ("gate: passed", False, "swapped back"),
        ("no verdict of a gate", True, "follows @champion"),
        ("gate: passed", True, "follows @champion"),
    ]
    assert f"{by}: v1 → v2" in swaps(endpoint)[-1].describe()
    where_its_process_dies_the_version_before_answers(endpoint, process)
    a_version_that_cannot_answer_is_not_taken(endpoint, tmp_path)


def answers_while_the_alias_moves(endpoint: Served) -> Counter[tuple[int, str]]:
    """Return how many of 8 clients' requests were answered by status and version."""
    answers: Counter[tuple[int, str]] = Counter()
    is_over = threading.Event()

    def ask_on() -> None:
        with requests.Session() as session:
            where = f"{endpoint.server.url}/invocations"
            while not is_over.is_set() or answers.total() < 1_000:
                told = session.post(where, json.dumps(REQUEST), headers=JSON, timeout=PATIENCE)
                answers[told.status_code, told.headers["x-model-version"]] += 1

    clients = [threading.Thread(target=ask_on) for _ in range(8)]
    for each in clients:
        each.start()
    registry = client(endpoint.store)
    for before, number in (("1", "2"), ("2", "3")):
        detached.wait_for(partial(reached, answers, before, 200))
        registry.set_registered_model_alias(NAME, "champion", number)
    detached.wait_for(partial(reached, answers, "3", 1))
    is_over.set()
    for each in clients:
        each.join()
    return answers


def processes_beside(endpoint: Served) -> list[psutil.Process]:
    leader = psutil.Process(endpoint.server.record.pid)
    return [each for each in leader.children() if "behind" in each.cmdline()]


def swaps(endpoint: Served) -> list[RegistryEvent]:
    told = history.events(endpoint.store, NAME)
    return [each for each in told if each.kind is EventKind.SWAPPED]


def where_its_process_dies_the_version_before_answers(
    endpoint: Served, process: psutil.Process
) -> None:
    assert endpoint.ask().headers["x-model-version"] == "3"
    process.kill()
    detached.wait_for(lambda: endpoint.figures().version == "2")
    assert endpoint.ask().json() == {"predictions": [0]}
    problem = endpoint.figures().follow.problem
    assert problem == "v2 answers again: the process of v3 ended with -9"
    assert endpoint.figures().previous == ""


def a_version_that_cannot_answer_is_not_taken(endpoint: Served, tmp_path: Path) -> None:
    registry = client(endpoint.store)
    made = registry.create_model_version(NAME, str(tmp_path / "nothing"))
    registry.set_registered_model_alias(NAME, "champion", str(made.version))
    told = f"v{made.version} was not taken: it does not load"
    detached.wait_for(lambda: endpoint.figures().follow.problem.startswith(told))
    figures = endpoint.figures()
    assert (figures.version, endpoint.ask().status_code) == ("2", 200)
    registry.delete_registered_model_alias(NAME, "champion")
    detached.wait_for(lambda: "was not found" in endpoint.figures().follow.problem)
    assert endpoint.ask().json() == {"predictions": [0]}


def test_who_is_served_by_mlflow_alone_has_no_figures(tmp_path: Path) -> None:
    record = replace(detached.planned(sys.executable), details={"port": str(free_port())})
    assert endpoints.figures(tmp_path, record) is None
    with pytest.raises(NotFound, match="is served by MLflow alone"):
        endpoints.swap_back(Store("sqlite:///none.db"), tmp_path, record)
