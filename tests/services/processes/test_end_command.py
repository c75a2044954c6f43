import json
import os
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import end_command, records
from tests import detached

SAY = """
import json, os, sys
with open(sys.argv[1] + ".new", "w") as file:
    json.dump([sys.argv[2:], dict(os.environ)], file)
os.rename(sys.argv[1] + ".new", sys.argv[1])
print("secret words")
"""


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the end of each job be written down there."""
    path = tmp_path / "said.json"
    words = [sys.executable, "-c", SAY, str(path), "a b", "$HOME; touch x"]
    monkeypatch.setenv("MLOPS_TUI_NOTIFY_COMMAND", shlex.join(words))
    return path


def job(code: str) -> ProcessRecord:
    """Return a job whose store is not at hand: settling takes seconds."""
    planned = replace(detached.python(code), kind=ProcessKind.JOB, store="http://host")
    return replace(planned, title="base\x1b[31mline")


def heard(path: Path) -> tuple[list[str], dict[str, str]]:
    detached.wait_for(path.exists)
    words, environ = json.loads(path.read_text())
    return words, environ


def test_the_command_is_told_of_a_failure_by_its_variables(state_dir: Path, said: Path) -> None:
    failed = detached.start(state_dir, job("raise SystemExit('no data')"))
    words, environ = heard(said)
    assert words == ["a b", "$HOME; touch x"]
    told = {name: value for name, value in environ.items() if name.startswith("MLOPS_TUI_JOB_")}
    assert told == {
        "MLOPS_TUI_JOB_ID": failed.process_id,
        "MLOPS_TUI_JOB_TITLE": "baseline",
        "MLOPS_TUI_JOB_STATE": "failed",
        "MLOPS_TUI_JOB_EXIT_CODE": "1",
        "MLOPS_TUI_JOB_REASON": detached.ended(state_dir, failed).outcome,
    }
    assert "no data" in told["MLOPS_TUI_JOB_REASON"]
    assert "secret words" not in detached.log(state_dir, failed)


def test_what_was_set_for_the_job_alone_is_not_lent_to_the_command(
    state_dir: Path, said: Path
) -> None:
    given = {"HF_TOKEN": "hush", "PATH": os.environ["PATH"]}
    record = replace(job(""), environment=tuple(given))
    processes.start(state_dir, record, {**os.environ, "OF_THE_PERSON": "yes", **given})
    _, environ = heard(said)
    assert "HF_TOKEN" not in environ
    assert environ["PATH"] == given["PATH"]
    assert environ["OF_THE_PERSON"] == "yes"
    assert "MLOPS_TUI_NOTIFY_COMMAND" not in environ


def test_a_job_whose_program_is_missing_is_told_too(state_dir: Path, said: Path) -> None:
    record = replace(detached.planned("/nowhere/python"), kind=ProcessKind.JOB)
    processes.start(state_dir, record, os.environ)
    _, environ = heard(said)
    assert environ["MLOPS_TUI_JOB_STATE"] == "failed"
    assert environ["MLOPS_TUI_JOB_EXIT_CODE"] == ""


def test_a_server_calls_nobody(state_dir: Path, said: Path) -> None:
    with detached.nothing_left_behind():
        detached.ended(state_dir, detached.start(state_dir, detached.python("")))
    assert not said.exists()


@pytest.mark.parametrize(
    ("command", "note"),
    [
        ("/nowhere/ntfy --token hush", "could not be started: No such file or directory."),
        ("'unclosed hush", "could not be started: it cannot be read."),
        (f"{sys.executable} -c 'exit(7)' hush", "failed with exit code 7."),
    ],
)
def test_a_failing_command_is_noted_in_the_log_without_its_words(
    command: str, note: str, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLOPS_TUI_NOTIFY_COMMAND", command)
    record = detached.start(state_dir, job("print('trained')"))
    detached.wait_for(lambda: "notify command" in detached.log(state_dir, record))
    assert detached.log(state_dir, record) == f"trained\nmlops-tui: the notify command {note}\n"
    end = detached.ended(state_dir, record)
    assert (end.state, end.exit_code) == (ProcessState.FINISHED, 0)


def test_a_command_that_hangs_is_ended_with_what_it_started(
    state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sleep = "import time; time.sleep(600)"
    hang = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {sleep!r}])"
    record = replace(job(""), state=ProcessState.FINISHED)
    folder = records.create(state_dir, record)
    monkeypatch.setenv("MLOPS_TUI_NOTIFY_COMMAND", shlex.join([sys.executable, "-c", hang]))
    end_command.run(folder, timeout=0.5)
    assert detached.log(state_dir, record).endswith("the notify command was ended after 0.5 s.\n")


def test_nothing_is_run_for_a_job_that_is_gone_or_still_active(state_dir: Path, said: Path) -> None:
    active = records.create(state_dir, job(""))
    end_command.run(active)
    end_command.run(active.with_name(records.new_id()))
    assert not said.exists()
