"""``mlops-tui drift``."""

import json
from pathlib import Path

import numpy as np
import pytest

from mlops_tui.cli import drift
from tests.cli.conftest import Command


@pytest.fixture(autouse=True)
def _tables(command: Command, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    for name, shift, city in (("old", 0.0, "Wien"), ("new", 0.0, "Wien"), ("moved", 8.0, "Ulm")):
        rows = zip(rng.normal(40 + shift, 10, 500), rng.choice(["Graz", city], 500), strict=True)
        lines = "".join(f"{age:.2f},{town},{{}}\n" for age, town in rows)
        (tmp_path / f"{name}.csv").write_text(f"age,\x1b[31mcity,note\n{lines}")


def test_without_drift_it_exits_with_0(command: Command) -> None:
    done = command("drift", "old.csv", "new.csv")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "No drift in 3 columns."
    assert "\x1b" not in done.stdout


def test_with_drift_it_exits_with_3_and_names_the_worst_first(command: Command) -> None:
    done = command("drift", "old.csv", "moved.csv")
    assert done.returncode == 3
    sentence, _, header, *lines = done.stdout.splitlines()
    assert sentence.startswith("2 of 3 columns drifted: age (")
    assert header.split()[:5] == ["column", "kind", "drift", "effect", "limit"]
    assert [line.split()[:3] for line in lines[:2]] == [
        ["age", "number", "yes"],
        ["city", "category", "yes"],
    ]


def test_json_says_the_same_to_programs(command: Command) -> None:
    done = command("drift", "old.csv", "moved.csv", "--json", "--columns", "age", "--full")
    told = json.loads(done.stdout)
    assert (done.returncode, told["drifted"]) == (3, True)
    assert (told["rows_reference"], told["rows_current"]) == (500, 500)
    (age,) = told["features"]
    assert {"name": "age", "kind": "number", "drifted": True, "limit": 0.1}.items() <= age.items()
    assert age["effect"] == pytest.approx(0.8, abs=0.2)
    assert age["p"] < 1e-9


def test_limits_are_set_by_flags(command: Command) -> None:
    words = ("drift", "old.csv", "moved.csv", "--columns", "age", "--limit", "psi=9")
    assert command(*words, "--limit", "age=2").returncode == 0
    assert command(*words, "--limit", "wasserstein=2").returncode == 0
    assert command(*words, "--limit", "js=2").returncode == 3


def test_wrong_use_is_told_in_a_sentence(command: Command) -> None:
    for words, code, sentence in (
        (("old.csv", "none.csv"), 1, "there is no such file"),
        (("old.csv", "new.csv", "--columns", "x"), 2, "has no column x"),
        (("old.csv", "new.csv", "--limit", "age"), 2, "Write NAME=X"),
    ):
        done = command("drift", *words)
        assert (done.returncode, sentence in done.stderr) == (code, True), done
        assert done.stdout == ""


def test_what_was_left_out_is_told(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mlops_tui.services.drift.tables.SAMPLE", 100)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr(drift, "SILENCE", -1.0)
    with (tmp_path / "new.csv").open("a") as file:
        file.write("1,2\n")
    done = command("drift", "old.csv", "new.csv")
    assert "old.csv: a sample of 100 of 500 rows is used; --full uses all." in done.stderr
    assert "new.csv: 1 row could not be read and was left out." in done.stderr
