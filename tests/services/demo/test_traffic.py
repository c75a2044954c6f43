"""The client of the demo, against a server that only says yes or no."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.errors import Unreachable
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.services.demo import traffic
from mlops_tui.services.demo.traffic import ROWS, Traffic


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PAUSE", 0.0), ("LATER", 0.0), ("AT_ONCE", 3), ("HELD_OUT", ROWS)):
        monkeypatch.setattr(traffic, name, value)


def server_at(url: str) -> ModelServer:
    record = ProcessRecord("s", ProcessKind.SERVER, "loans v1", (), "", (), "", 0)
    port = url.rpartition(":")[2]
    return ModelServer(
        ProcessRecord(**{**_fields(record), "details": {"port": port}}), ServerState.READY
    )


def _fields(record: ProcessRecord) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def test_labels_are_told_later_and_some_rows_are_kept_to_validate_on(
    serve_answers: Callable[..., str], tmp_path: Path
) -> None:
    told: list[Json] = []
    holdout = tmp_path / "holdout.csv"
    client = Traffic(server_at(serve_answers(lambda _: (200, "{}"))), holdout, told.extend)
    client.step()
    client.step()
    assert told == []
    client.step()
    assert [each["request_id"] for each in told] == ["demo-1", "demo-2", "demo-3"]  # type: ignore[index,call-overload]
    assert all(len(each["label"]) == ROWS for each in told)  # type: ignore[index,call-overload,arg-type]
    with holdout.open() as file:
        assert len(list(csv.DictReader(file))) == ROWS
    assert (client.sent, client.failed) == (3, 0)


def test_labels_that_could_not_be_told_are_told_with_the_next(
    serve_answers: Callable[..., str], tmp_path: Path
) -> None:
    tries: list[int] = []

    def tell(labels: list[Json]) -> None:
        tries.append(len(labels))
        if len(tries) == 1:
            raise Unreachable("It does not answer.")

    url = serve_answers(lambda _: (200, "{}"))
    client = Traffic(server_at(url), tmp_path / "holdout.csv", tell)
    for _ in range(4):
        client.step()
    assert tries == [3, 4]


def test_requests_that_fail_are_counted_and_have_no_labels(
    serve_answers: Callable[..., str], tmp_path: Path
) -> None:
    told: list[Json] = []
    url = serve_answers(lambda _: (500, "no"))
    client = Traffic(server_at(url), tmp_path / "holdout.csv", told.extend)
    gone = Traffic(server_at("http://127.0.0.1:9"), tmp_path / "holdout.csv", told.extend)
    for each in (client, gone):
        each.is_shifted = True
        for _ in range(4):
            each.step()
        assert (each.sent, each.failed) == (4, 4)
    assert told == []
