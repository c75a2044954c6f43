"""The labelled rows of the sources of monitors."""

import json
from collections.abc import Hashable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.monitoring.monitor import SourceKind
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.services.monitoring import monitor_folder
from mlops_tui.services.processes import records
from mlops_tui.services.retraining.row_sources import labelled_rows
from tests import detached
from tests.services.retraining.conftest import MODEL, NAMES, Watched


def found(watched: Watched, *columns: str, target: str = "label") -> list[dict[Hashable, Any]]:
    frames = labelled_rows(watched.store, watched.state_dir, watched.plan, columns or NAMES, target)
    return [row for frame in frames for row in frame.to_dict("records")]


def with_files(watched: Watched, **texts: str) -> None:
    for path in (watched.folder / "new").iterdir():
        path.unlink()
    for name, text in texts.items():
        (watched.folder / "new" / name.replace("_", ".")).write_text(text)


def test_rows_of_files_have_their_label_beside_them_or_get_it_by_their_request(
    watched: Watched,
) -> None:
    lines = [{"width": 5, "length": 6, "label": 1}, {"width": 7, "length": 8}]
    with_files(
        watched,
        a_csv="request_id,width,length,label\nx,1,2,0\ny,3,4,\nz,3,3,\n",
        b_jsonl="\n".join(map(json.dumps, lines)),
        c_csv="width,label\n1,0\n",
        d_txt="no table",
    )
    labels = watched.folder / "labels.csv"
    labels.write_text("request_id,label\nx,1\ny,1\n")
    watched = replace(watched, plan=replace(watched.plan, labels=str(labels)))
    assert found(watched) == [
        {"width": 1, "length": 2, "label": 1},
        {"width": 3, "length": 4, "label": 1},
        {"width": 5, "length": 6, "label": 1},
    ]


def test_rows_of_one_file_have_the_label_under_the_name_that_is_trained_on(
    watched: Watched,
) -> None:
    path = watched.folder / "scores.parquet"
    pd.DataFrame({"width": [1.0, 2.0], "length": [0.0, 0.0], "truth": ["a", None]}).to_parquet(path)
    plan = replace(watched.plan, source=SourceKind.TABLE, path=str(path), target="truth")
    watched = replace(watched, plan=plan)
    assert found(watched, target="kind") == [{"width": 1.0, "length": 0.0, "kind": "a"}]


def capture(watched: Watched) -> Path:
    """Let an endpoint of the model have captured three requests; return its folder."""
    record = replace(
        detached.planned("true"),
        store=watched.store.label,
        details={"model": MODEL, "version": "1"},
    )
    records.create(watched.state_dir, record)
    folder = watched.state_dir / ProcessKind.SERVER / record.process_id / "captured"
    folder.mkdir()
    lines = []
    for number, rows in enumerate(([[1.0, 2.0]], [[3.0, 4.0], [5.0, 6.0]], [[7.0, 8.0]])):
        request = {"dataframe_split": {"columns": ["width", "version"], "data": rows}}
        about = {"request_id": f"r{number}", "at": number, "seconds": 0.1, "status": 200}
        told = {"request": json.dumps(request), "response": '{"predictions": [0]}', "version": "1"}
        lines.append(json.dumps(about | told))
    (folder / "capture-1.jsonl").write_text("\n".join(lines) + "\n")
    label = {"request_id": "r0", "label": 1, "taken_at": 1.0}
    (folder / "labels-1.jsonl").write_text(json.dumps(label) + "\n")
    return folder


def test_captured_rows_have_the_labels_of_their_endpoint_and_of_the_monitor(
    watched: Watched,
) -> None:
    watched = replace(watched, plan=replace(watched.plan, source=SourceKind.CAPTURES))
    with pytest.raises(NotFound, match="The captured requests of flowers/Production are gone"):
        found(watched)
    capture(watched)
    own = monitor_folder.made(watched.state_dir, watched.plan.monitor_id)
    label = {"request_id": "r1", "label": [0, 1], "taken_at": 2.0}
    (own / "labels-2.jsonl").write_text(json.dumps(label) + "\n")
    assert found(watched, "width", "version") == [
        {"width": 1.0, "version": 2.0, "label": 1},
        {"width": 3.0, "version": 4.0, "label": 0},
        {"width": 5.0, "version": 6.0, "label": 1},
    ]
