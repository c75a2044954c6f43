"""Captured requests read back, and labels read from files."""

import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.services.serving import captures
from mlops_tui.services.serving.captures import CapturedTable, write_table
from mlops_tui.services.serving.label_files import add_labels, read_labels
from tests import detached


@pytest.fixture
def record(tmp_path: Path) -> ProcessRecord:
    """An endpoint that captured two requests in two hours, one labelled twice, and half a line."""
    record = replace(detached.planned("true"), title="wine v1")
    folder = tmp_path / record.kind / record.process_id / captures.FOLDER
    folder.mkdir(parents=True)
    write(folder / "capture-20260101T10-7.jsonl", exchange("r1", [[1, "a"], [2, "\ud800"]], [0, 1]))
    write(folder / "capture-20260101T11-7.jsonl", exchange("r2", [[0.5, None]], [1]))
    with (folder / "capture-20260101T11-7.jsonl").open("a") as file:
        file.write('["no object"]\n{"request_id": "r3"}\n{"request_id": "r4", "at"')
    told = (("6", [1, 0], 2), ("7", [0, 0], 1))
    for pid, label, at in told:
        line = {"request_id": "r1", "label": label, "taken_at": at}
        write(folder / f"labels-20260101T12-{pid}.jsonl", line)
    return record


def exchange(request_id: str, data: list[Any], predictions: list[int]) -> dict[str, Any]:
    request = {"dataframe_split": {"columns": ["x", "name"], "data": data}}
    return {
        "request_id": request_id,
        "at": 1.5,
        "seconds": 0.01,
        "status": 200,
        "version": "1",
        "request": json.dumps(request),
        "response": json.dumps({"predictions": predictions}),
    }


def write(path: Path, *lines: dict[str, Any]) -> None:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_captured_requests_become_a_table_with_the_latest_labels(
    record: ProcessRecord, tmp_path: Path
) -> None:
    table = CapturedTable(tmp_path, record)
    assert (table.requests, table.labelled) == (2, 1)
    assert table.columns.names[-4:] == ("x", "name", "prediction", "label")
    assert [list(row)[-4:] for row in table.rows()] == [
        [1.0, "a", 0, 1],
        [2.0, "\ud800", 1, 0],
        [0.5, None, 1, None],
    ]


def test_a_line_with_an_id_that_no_request_can_have_is_skipped(
    record: ProcessRecord, tmp_path: Path
) -> None:
    folder = tmp_path / record.kind / record.process_id / captures.FOLDER
    write(folder / "labels-20260101T13-6.jsonl", {"request_id": "\ud800", "label": 1})
    write(folder / "capture-20260101T13-6.jsonl", exchange("\ud800", [[1, "a"]], [1]))
    assert CapturedTable(tmp_path, record).requests == 2


def test_a_parquet_file_has_the_same_cells_with_their_types(
    record: ProcessRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(captures, "CHUNK", 2)
    path = tmp_path / "out.parquet"
    write_table(CapturedTable(tmp_path, record), path)
    found = pq.read_table(path).to_pydict()
    assert (found["x"], found["name"]) == ([1.0, 2.0, 0.5], ["a", "\\ud800", None])
    assert (found["row"], found["label"]) == ([0, 1, 0], [1, 0, None])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(Conflict, match=r"out\.parquet is there already"):
        write_table(CapturedTable(tmp_path, record), path)


def test_a_csv_file_has_a_line_for_each_row(record: ProcessRecord, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(CapturedTable(tmp_path, record), path)
    header, first, *others = path.read_text().splitlines()
    assert header == "request_id,row,at,seconds,status,version,x,name,prediction,label"
    assert (first, len(others)) == ("r1,0,1.5,0.01,200,1,1.0,a,0,1", 2)
    with pytest.raises(InvalidInput, match=r"neither \.csv nor \.parquet"):
        write_table(CapturedTable(tmp_path, record), tmp_path / "out.txt")
    assert sorted(each.name for each in tmp_path.glob("out*")) == ["out.csv"]


def test_an_endpoint_that_captured_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="has captured nothing"):
        CapturedTable(tmp_path, detached.planned("true"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("l.csv", "\ufeffrequest_id,label\nr1,1\nr2,late\n"),
        ("l.jsonl", '{"request_id": "r1", "label": 1}\n\n{"request_id": "r2", "label": "late"}'),
    ],
)
def test_labels_are_read_from_csv_and_json_lines(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text)
    (labels,) = read_labels(tmp_path / name)
    assert labels == [{"request_id": "r1", "label": 1}, {"request_id": "r2", "label": "late"}]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("l.csv", "request_id\nr1\n"),
        ("l.csv", "id,label\nr1,2\n"),
        ("l.jsonl", '{"request_id": "r1", "label": 1}\n{'),
        ("l.jsonl", '{"label": 1}'),
        ("l.jsonl", '{"request_id": "\\ud800", "label": 1}'),
        ("l.jsonl", '{"request_id": "two words", "label": 1}'),
        ("l.jsonl", "[1]"),
        ("l.jsonl", "\udcff"),
    ],
)
def test_a_line_that_is_no_label_is_named(name: str, text: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, errors="surrogateescape")
    with pytest.raises(InvalidInput, match=r"Label \d has no|cannot be read"):
        list(read_labels(tmp_path / name))


def test_labels_for_an_endpoint_that_has_ended_lie_beside_its_capture(
    record: ProcessRecord, tmp_path: Path
) -> None:
    (tmp_path / "l.csv").write_text("request_id,label\nr2,7\n")
    server = ModelServer(record, ServerState.STOPPED)
    assert add_labels(tmp_path, server, tmp_path / "l.csv") == 1
    table = CapturedTable(tmp_path, record)
    assert (table.labelled, [row[-1] for row in table.rows()]) == (2, [1, 0, 7])
    files = list((tmp_path / record.kind / record.process_id / captures.FOLDER).glob("labels-*"))
    assert all(
        stat.S_IMODE(each.stat().st_mode) & 0o077 == 0
        for each in files
        if "20260101" not in each.name
    )
    other = ModelServer(detached.planned("true"), ServerState.STOPPED)
    with pytest.raises(NotFound, match="captured nothing"):
        add_labels(tmp_path, other, tmp_path / "l.csv")
