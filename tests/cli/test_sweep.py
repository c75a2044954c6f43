"""``mlops-tui sweep``: trials without the interface."""

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.sweeps import sweeps
from tests import detached
from tests.cli.conftest import Command
from tests.unmeasured import NO_TRACE

PROGRAM = (
    NO_TRACE
    + """
import argparse
p = argparse.ArgumentParser()
p.add_argument("--rate", type=float, default=0.1)
if __name__ == "__main__":
    rate = p.parse_args().rate
    if rate > 1:
        raise SystemExit("too fast")
    import mlflow
    with mlflow.start_run():
        mlflow.log_metric("loss", rate)
"""
)


@pytest.fixture
def own_store(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    path = tmp_path / "own.db"
    shutil.copyfile(empty_database, path)
    found = Store(f"sqlite:///{path}")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", found.tracking_uri)
    return found


@pytest.fixture
def sweep(
    command: Command, own_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Command]:
    (tmp_path / "learn.py").write_text(PROGRAM)
    monkeypatch.setenv("MLOPS_TUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("MLOPS_TUI_PYTHON", sys.executable)
    with detached.nothing_left_behind():
        yield lambda *arguments: command("sweep", *arguments)


@pytest.mark.slow
def test_a_sweep_is_waited_for_then_tries_again_what_failed(
    sweep: Command, own_store: Store, tmp_path: Path
) -> None:
    done = sweep(
        *("learn.py", "-P", "rate=0.5,2", "--metric", "loss", "--method", "grid"),
        *("--run-name", "speeds", "--wait", "--json"),
    )
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert (told["state"], told["title"]) == ("finished", "speeds")
    parent = sweeps.sweep_of_job(own_store, told["process_id"])
    found = sweeps.read_sweep(own_store, parent)
    assert [trial.state for trial in found.trials] == ["complete", "failed"]
    assert found.run.tags["best_rate"] == "0.5"
    program = tmp_path / "learn.py"
    program.write_text(PROGRAM.replace("rate > 1", "rate > 9"))
    again = sweep("--continue", parent[:12], "--wait")
    assert again.returncode == 0
    assert "Best of 2: trial 0 with loss 0.5: rate=0.5" in again.stderr
    assert [trial.value for trial in sweeps.read_sweep(own_store, parent).trials] == [0.5, 2.0]


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("learn.py", "-P", "rate=1,2"), 2, "A sweep needs a metric to compare trials by."),
        (("learn.py", "--metric", "loss"), 2, "No parameter has more than one value."),
        (("learn.py", "-P", "rate=fast,2", "--metric", "m"), 2, "rate: a number."),
        (("learn.py", "-P", "x=1,2", "--metric", "m"), 2, "learn.py has no parameter 'x'."),
        (("--continue", "0000"), 1, "There is no run whose id begins with 0000."),
        (("--continue", "0000", "--read-only"), 2, "Sweeps cannot be launched in read-only mode."),
        (
            ("learn.py", "-P", "rate=1..2", "--metric", "m", "--method", "grid"),
            2,
            "rate: a grid needs a list, or a number of points: 1..2:4.",
        ),
    ],
)
def test_what_cannot_be_swept_says_why(
    sweep: Command, tmp_path: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = sweep(*arguments)
    assert done.returncode == code
    assert done.stderr.startswith(f"mlops-tui: {sentence}")
    assert not (tmp_path / "state" / "jobs").exists()
