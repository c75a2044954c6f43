"""``mlops-tui runs``."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from tests.cli.conftest import Command
from tests.patience import PATIENCE


def test_people_get_a_table_newest_first(command: Command) -> None:
    done = command("runs", "Flowers")
    assert (done.returncode, done.stderr) == (0, "")
    header, *rows = done.stdout.splitlines()
    assert header.split() == [
        "run", "status", "name", "age", "time", "accuracy", "depth", "optimizer"
    ]  # fmt: skip
    assert [row.split()[2] for row in rows] == ["fourth", "third", "second", "first"]
    assert "\x1b" not in done.stdout


def test_programs_get_json_with_every_run_in_full(command: Command) -> None:
    done = command("runs", "Flowers", "--json", "--filter", "optimizer=adam")
    assert done.returncode == 0
    third, first = json.loads(done.stdout)
    assert first["name"] == "first"
    assert first["experiment"] == "Flowers"
    assert first["metrics"] == {"accuracy": 0.5}
    assert first["params"] == {"optimizer": "adam", "depth": "5"}
    assert first["tags"]["team"] == "vision"
    assert first["started_at"].endswith("+00:00")
    assert third["metrics"] == {"accuracy": "nan"}


def test_programs_get_csv_in_full_without_escape_sequences(command: Command) -> None:
    done = command("runs", "Flowers", "--csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["name"] for row in rows] == ["fourth", "third", "second", "first"]
    assert rows[-1]["metric:accuracy"] == "0.5"
    assert rows[-1]["param:optimizer"] == "adam"
    assert [row["tag:team"] for row in rows] == ["", "", "", "vision"]


def test_all_experiments_are_listed_where_none_is_named(command: Command) -> None:
    done = command("runs", "--filter", "has:loss | accuracy>0.7")
    assert done.returncode == 0
    assert [line.split()[2:4] for line in done.stdout.splitlines()[1:]] == [
        ["Stones", "long"],
        ["Flowers", "fourth"],
    ]


def test_what_is_left_out_is_told_beside_the_data(command: Command) -> None:
    done = command("runs", "Flowers", "--limit", "3", "--json")
    assert len(json.loads(done.stdout)) == 3
    assert done.stderr == (
        "mlops-tui: Only the newest 3 runs are listed; --limit N shows more, --limit 0 all.\n"
    )
    done = command("runs", "Flowers", "--limit", "0", "--json")
    assert len(json.loads(done.stdout)) == 4
    assert done.stderr == ""


def test_the_greatest_of_all_comes_first_whatever_the_limit(command: Command) -> None:
    def names(*arguments: str) -> list[str]:
        done = command("runs", "Flowers", "--json", *arguments)
        return [run["name"] for run in json.loads(done.stdout)]

    assert names("--sort", "accuracy", "--limit", "2") == ["\x1b[31mfourth", "first"]
    assert names("--sort", "metric:accuracy", "--ascending") == [
        "second",
        "first",
        "\x1b[31mfourth",
        "third",
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["Flowers", "--filter", "zzz"], 1, "No run matches the filter."),
        (["Default"], 1, "There are no runs."),
        (["Flwers"], 1, "There is no experiment Flwers. Similar names: Flowers."),
        (["--filter", "lr="], 2, "A value is missing after lr="),
        (["--filter", "metrics.a LIKE 'x'"], 2, "Expected numeric value type for metric"),
        (["Flowers", "--sort", "nope"], 2, "No run has nope."),
        (["--limit", "-1"], 2, "invalid count value: '-1'"),
        (["--json", "--csv"], 2, "not allowed with argument"),
    ],
)
def test_the_exit_code_tells_failure_from_wrong_use(
    command: Command, arguments: list[str], code: int, told: str
) -> None:
    done = command("runs", *arguments)
    assert (done.returncode, done.stdout) == (code, "")
    assert told in done.stderr


def test_nothing_found_is_still_json(command: Command) -> None:
    done = command("runs", "--filter", "zzz", "--json")
    assert (done.returncode, done.stdout) == (1, "[]\n")


def test_an_experiment_may_be_named_by_its_id(command: Command) -> None:
    assert "long" in command("runs", "2").stdout


def test_a_store_that_does_not_answer_is_one_sentence(command: Command) -> None:
    done = command("runs", "--tracking-uri", "http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1


def test_a_store_that_is_not_there_is_not_made(command: Command, tmp_path: Path) -> None:
    done = command("runs", "--tracking-uri", "sqlite:///none.db")
    assert (done.returncode, done.stdout) == (1, "")
    assert not (tmp_path / "none.db").exists()


def test_a_reader_that_goes_away_ends_it_without_complaint(
    environ: dict[str, str], filled_store: Store, tmp_path: Path
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "mlops_tui", "runs"],
        cwd=tmp_path,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
        timeout=PATIENCE,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")
