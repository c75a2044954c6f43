"""``mlops-tui run``, ``compare``, ``metrics``: runs by the beginning of their ids."""

import csv
import io
import json

import pytest

from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.run_query import query_runs
from tests.cli.conftest import Command


@pytest.fixture
def known(filled_store: Store) -> dict[str, Run]:
    """Return the runs of both experiments by name."""
    return {run.name: run for run in query_runs(filled_store, ["1", "2"]).runs}


def test_a_run_is_shown_to_people(command: Command, known: dict[str, Run]) -> None:
    run_id = known["first"].run_id
    done = command("run", run_id[:10])
    assert (done.returncode, done.stderr) == (0, "")
    assert f"run         {run_id}\n" in done.stdout
    assert "experiment  Flowers\n" in done.stdout
    assert "metrics\naccuracy  0.5\n" in done.stdout
    assert "team" in done.stdout


def test_a_run_is_given_to_programs(command: Command, known: dict[str, Run]) -> None:
    run_id = known["first"].run_id
    found = json.loads(command("run", run_id, "--json").stdout)
    assert found["run_id"] == run_id
    assert (found["datasets"], found["models"]) == ([], [])
    rows = list(csv.reader(io.StringIO(command("run", run_id, "--csv").stdout)))
    assert rows[0] == ["kind", "key", "value"]
    assert ["metric", "accuracy", "0.5"] in rows
    assert ["attribute", "experiment", "Flowers"] in rows


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("zzz", 1, "There is no run whose id begins with zzz."),
        ("a b", 2, "a b is no beginning of a run's id."),
        ("_", 1, "There is no run whose id begins with _."),
    ],
)
def test_a_run_that_is_not_meant_is_told(command: Command, text: str, code: int, told: str) -> None:
    done = command("run", text)
    assert (done.returncode, done.stdout, done.stderr) == (code, "", f"mlops-tui: {told}\n")


def test_runs_are_compared_side_by_side(command: Command, known: dict[str, Run]) -> None:
    ids = [known[name].run_id for name in ("first", "second")]
    done = command("compare", *ids)
    assert done.returncode == 0
    lines = [line.split() for line in done.stdout.splitlines()]
    assert lines[0] == [run_id[:12] for run_id in ids]
    assert lines[1] == ["first", "second"]
    assert ["param:depth", "5", "5"] in lines
    assert ["≠", "metric:accuracy", "0.5", "0.25"] in lines
    assert "depth" not in command("compare", *ids, "--diff").stdout
    same = command("compare", ids[0], ids[0], "--diff")
    assert (same.returncode, same.stdout) == (1, "")
    assert same.stderr == "mlops-tui: The runs do not differ.\n"
    alone = command("compare", ids[0])
    assert (alone.returncode, alone.stdout) == (2, "")
    assert "A comparison needs at least two runs." in alone.stderr


def test_a_comparison_is_given_to_programs(command: Command, known: dict[str, Run]) -> None:
    ids = [known[name].run_id for name in ("first", "third")]
    found = json.loads(command("compare", *ids, "--json").stdout)
    assert [run["run_id"] for run in found["runs"]] == ids
    by_key = {row["key"]: row for row in found["rows"]}
    assert by_key["accuracy"]["values"] == [0.5, "nan"]
    assert by_key["team"] == {
        "kind": "tag",
        "key": "team",
        "differs": True,
        "values": ["vision", None],
    }
    rows = list(csv.reader(io.StringIO(command("compare", *ids, "--csv", "--diff").stdout)))
    assert rows == [
        ["kind", "key", *ids],
        ["metric", "accuracy", "0.5", "nan"],
        ["tag", "team", "vision", ""],
    ]


def test_a_history_comes_point_by_point(command: Command, known: dict[str, Run]) -> None:
    run_id = known["first"].run_id
    done = command("metrics", run_id[:10], "accuracy")
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[-1] for line in done.stdout.splitlines()] == [
        "accuracy",
        "0.1",
        "0.9",
        "0.5",
    ]
    found = json.loads(command("metrics", run_id, "accuracy", "--json").stdout)
    assert [point["value"] for point in found["points"]] == [0.1, 0.9, 0.5]
    assert (found["run_id"], found["key"]) == (run_id, "accuracy")


def test_a_long_history_is_reduced_but_not_in_silence(
    command: Command, known: dict[str, Run]
) -> None:
    run_id = known["long"].run_id
    done = command("metrics", run_id, "loss", "--csv", "--limit", "1")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["step"] for row in rows] == ["0", "49"]
    assert "2 of 50 points; --limit N shows" in done.stderr
    done = command("metrics", run_id, "loss", "--csv", "--limit", "0")
    assert len(done.stdout.splitlines()) == 51
    assert done.stderr == ""


def test_a_metric_that_is_not_there_is_answered_with_those_that_are(
    command: Command, known: dict[str, Run]
) -> None:
    run_id = known["first"].run_id
    done = command("metrics", run_id, "nope")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"mlops-tui: The run {run_id} has no metric nope. It has accuracy.\n"
