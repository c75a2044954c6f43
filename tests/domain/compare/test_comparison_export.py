"""A comparison as a file."""

import csv
import json
from io import StringIO
from math import inf

from mlops_tui.domain.compare.comparison import traits
from mlops_tui.domain.compare.comparison_export import as_csv, as_json, as_markdown
from tests.domain.made_up import made_up

RUNS = [
    made_up("first", {"depth": 2, "cmd": "=1+1", "shift": -3}, {"loss": 0.1}),
    made_up("a|b\n<i>", {"depth": 'x,"y'}, {"loss": inf}, {"team": "@home"}),
]
TRAITS = traits(RUNS)


def test_csv_reads_back_with_nothing_a_spreadsheet_would_run() -> None:
    rows = {(row[0], row[1]): row[2:] for row in csv.reader(StringIO(as_csv(RUNS, TRAITS)))}
    assert rows["kind", "key"] == ["first", "a|b\n<i>"]
    assert rows["attribute", "run_id"] == ["id-first", "id-a|b\n<i>"]
    assert rows["param", "depth"] == ["2", 'x,"y']
    assert rows["param", "cmd"] == ["'=1+1", ""]
    assert rows["param", "shift"] == ["-3", ""]
    assert rows["metric", "loss"] == ["0.1", "inf"]
    assert rows["tag", "team"] == ["", "'@home"]


def test_json_holds_an_object_per_run_with_what_it_has() -> None:
    first, second = json.loads(as_json(RUNS, TRAITS))
    assert first == {
        "run_id": "id-first",
        "name": "first",
        "params": {"depth": "2", "cmd": "=1+1", "shift": "-3"},
        "metrics": {"loss": 0.1},
    }
    assert second["metrics"] == {"loss": "inf"}


def test_markdown_keeps_foreign_signs_out_of_its_own() -> None:
    lines = as_markdown(RUNS, TRAITS).splitlines()
    assert lines[0] == "|  | first (id-first) | a\\|b↵&lt;i> (id-a\\|b↵&lt;) |"
    assert lines[1] == "| --- | --- | --- |"
    assert "| metric:loss | 0.1 | inf |" in lines
    assert len(lines) == 2 + len(TRAITS)
