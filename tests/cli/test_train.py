"""``mlops-tui train``: launching without the interface."""

import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from tests import detached
from tests.cli.conftest import Command

PROGRAM = """
import argparse, json, os, sys
p = argparse.ArgumentParser()
p.add_argument("--rate", type=float, default=0.1)
p.add_argument("--code", type=int, default=0)
p.add_argument("rest", nargs="*")
if __name__ == "__main__":
    a = p.parse_args()
    print("got", json.dumps(vars(a)), os.environ.get("VAR"), os.path.basename(os.getcwd()))
    if a.code < 0:
        os.kill(os.getpid(), -a.code)
    sys.exit(a.code)
"""


@pytest.fixture
def state_dir(
    tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """Return the state directory, beside a store of its own: these commands write."""
    (tmp_path / "learn.py").write_text(PROGRAM)
    (tmp_path / "work").mkdir()
    monkeypatch.setenv("MLOPS_TUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("MLOPS_TUI_PYTHON", sys.executable)
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@pytest.fixture
def train(command: Command, state_dir: Path, tmp_path: Path, empty_database: Path) -> Command:
    path = tmp_path / "own.db"
    shutil.copyfile(empty_database, path)
    os.environ["MLFLOW_TRACKING_URI"] = Store(f"sqlite:///{path}").tracking_uri
    return lambda *arguments: command("train", *arguments)


def test_what_would_run_is_printed_with_its_python(train: Command, state_dir: Path) -> None:
    told = train("learn.py", "-P", "rate=0.5", "--dry-run")
    assert told.returncode == 0
    assert told.stdout.endswith("learn.py --rate 0.5\n")
    assert told.stderr.endswith(f"Python: {sys.executable} (from --python or its setting).\n")
    found = json.loads(train("learn.py", "--dry-run", "--json").stdout)
    assert (found["python"], found["python_origin"]) == (sys.executable, "setting")
    assert jobs.list_jobs(state_dir) == ()


def test_a_script_is_launched_its_id_printed(train: Command, state_dir: Path) -> None:
    done = train("learn.py", "-P", "rate=0.5", "--", "--code=0", "a b")
    assert (done.returncode, done.stderr) == (
        0,
        f"mlops-tui: Python: {sys.executable} (from --python or its setting).\n",
    )
    (job,) = jobs.list_jobs(state_dir)
    assert done.stdout == f"{job.process_id}\n"
    end = detached.ended(state_dir, job)
    assert end.state is ProcessState.FINISHED
    assert '"rate": 0.5, "code": 0, "rest": ["a b"]' in detached.log(state_dir, job)


def test_a_job_that_is_waited_for_shows_its_log_and_gives_its_code(train: Command) -> None:
    done = train("-m", "learn", "-P", "code=3", "--wait", "--", "a b", "--rate=7")
    assert done.returncode == 3
    assert '"rate": 7.0' in done.stderr
    assert '"rest": ["a b"]' in done.stderr
    assert "Exit code 3" in done.stderr


def test_a_job_that_a_signal_ended_gives_the_code_that_shells_give(train: Command) -> None:
    done = train("learn.py", "-P", "code=-9", "--wait", "--json")
    assert done.returncode == 137
    assert json.loads(done.stdout)["exit_code"] == -9


def test_a_program_gets_what_the_record_names_only(
    train: Command, state_dir: Path, tmp_path: Path
) -> None:
    done = train(
        *("learn.py", "--env", "VAR=tops3cret", "--cwd", "work", "--tag", "team=x"),
        *("--experiment", "Own", "--run-name", "first", "--wait", "--json"),
    )
    told = json.loads(done.stdout)
    assert (told["state"], told["title"], told["cwd"]) == (
        *("finished", "first"),
        str(tmp_path / "work"),
    )
    assert {"VAR", "MLFLOW_EXPERIMENT_NAME"} <= set(told["environment"])
    (job,) = jobs.list_jobs(state_dir)
    assert detached.log(state_dir, job).endswith("tops3cret work\n")
    assert "tops3cret" not in done.stdout
    assert b"tops3cret" not in (state_dir / "jobs" / job.process_id / "record.json").read_bytes()


def test_a_recipe_takes_its_experiment_like_any_other(train: Command, state_dir: Path) -> None:
    refused = train("synthetic_forest", "--experiment", "E", "-P", "n_estimators=0")
    assert (refused.returncode, refused.stderr) == (2, "mlops-tui: n_estimators: at least 1.\n")
    assert not state_dir.exists()


COMMANDS = """
import argparse
p = argparse.ArgumentParser()
s = p.add_subparsers(dest="command", required=True)
s.add_parser("fit").add_argument("--rate", type=float, default=0.1)
s.add_parser("check").add_argument("rest", nargs="*")
if __name__ == "__main__":
    print("got", vars(p.parse_args()))
"""


def test_a_sub_command_stands_behind_the_program(
    train: Command, state_dir: Path, tmp_path: Path
) -> None:
    (tmp_path / "many.py").write_text(COMMANDS)
    done = train("many.py", "fit", "-P", "rate=0.5", "--wait")
    assert "{'command': 'fit', 'rate': 0.5}" in done.stderr
    assert "{'command': 'check', 'rest': ['x']}" in train("many.py", "check", "x", "--wait").stderr
    assert "'rate': 0.7" in train("many.py", "--entry", "fit", "-P", "rate=0.7", "--wait").stderr
    refused = train("many.py", "-P", "rate=0.5")
    assert refused.returncode == 2
    assert "many.py has sub-commands: fit, check. Name one of them after it." in refused.stderr
    (tmp_path / "main.py").write_text("__import__('runpy').run_module('many', run_name='__main__')")
    done = train("main.py", "fit", "-P", "rate=0.5", "--wait")
    assert "{'command': 'fit', 'rate': 0.5}" in done.stderr
    assert len(jobs.list_jobs(state_dir)) == 4


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("learn.py", "-P", "rate=x"), 2, "rate: a number."),
        (("learn.py", "-P", "rate"), 2, "-P takes NAME=VALUE, not 'rate'."),
        (("learn.py", "-P", "x=1"), 2, "learn.py has no parameter 'x'. It has rate, code, rest."),
        (("learn.py", "--env", "1=2"), 2, "variables: write NAME=value"),
        (("magic",), 1, "There is no magic to launch."),
        ((), 1, "There is no name to launch."),
        (("learn.py", "--read-only"), 2, "Jobs cannot be launched in read-only mode."),
        (("learn.py", "--cwd", "gone"), 2, "There is no folder"),
    ],
)
def test_what_cannot_be_launched_says_why(
    train: Command, state_dir: Path, arguments: tuple[str, ...], code: int, sentence: str
) -> None:
    done = train(*arguments)
    assert done.returncode == code
    assert done.stderr.startswith(f"mlops-tui: {sentence}")
    assert not (state_dir / "jobs").exists()


def test_a_python_that_cannot_be_started_is_a_failure(train: Command) -> None:
    done = train("learn.py", "--python", "/no/such/python")
    assert done.returncode == 1
    assert "/no/such/python could not be started" in done.stderr
