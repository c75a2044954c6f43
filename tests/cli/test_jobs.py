"""``mlops-tui jobs``, ``logs`` and ``stop``."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.cli import stop
from mlops_tui.cli.log_following import LogReader
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services.jobs import job_lookup, jobs
from mlops_tui.services.launchers import processes
from tests import detached
from tests.cli.conftest import Command
from tests.detached import nothing_left_behind

SAYS = (
    "print('\\x1b[31mone\\x1b[0m'); print('two'); print('10%\\r20%', end=''); raise SystemExit(3)"
)
WAITS = "print('begun', flush=True); import time; time.sleep(600)"


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def start(state: Path, program: str) -> ProcessRecord:
    plan = replace(detached.python(program), kind=ProcessKind.JOB, title="\x1b[1mby hand")
    return processes.start(state, plan, os.environ)


def test_without_jobs_there_is_nothing(command: Command) -> None:
    done = command("jobs", "--state-dir", "state")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "mlops-tui: There are no training jobs.\n"
    assert command("logs", "last", "--state-dir", "state").returncode == 1
    assert json.loads(command("jobs", "--json", "--state-dir", "state").stdout) == []


def test_an_ended_job_is_listed_with_why_and_its_log_is_printed(
    command: Command, state: Path
) -> None:
    job = detached.ended(state, start(state, SAYS))
    flags = ("--state-dir", str(state))
    listed = command("jobs", *flags).stdout
    assert "failed" in listed
    assert "Exit code 3" in listed
    assert "\x1b" not in listed
    (found,) = json.loads(command("jobs", "--json", *flags).stdout)
    assert (found["job_id"], found["state"], found["exit_code"]) == (job.process_id, "failed", 3)
    assert command("logs", "last", *flags).stdout == "one\ntwo\n20%\n"
    assert command("logs", job.process_id, "--lines", "1", *flags).stdout == "20%\n"
    assert command("logs", "last", "--lines", "0", *flags).stdout == "one\ntwo\n20%\n"
    as_json = json.loads(command("logs", "last", "--lines", "2", "--json", *flags).stdout)
    assert (as_json["first_line"], as_json["lines"]) == (2, ["two", "20%"])
    done = command("logs", "last", "--follow", "--json", *flags)
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"line": 1, "text": "one"},
        {"line": 2, "text": "two"},
        {"line": 3, "text": "20%"},
    ]
    assert "failed. Exit code 3" in done.stderr
    last = LogReader(state, job).last_line()
    assert last is not None
    assert last.text == "20%"
    done = command("stop", "last", *flags)
    assert (done.returncode, "has already ended: failed" in done.stderr) == (0, True)


def test_following_is_left_while_the_job_runs_on_until_it_is_stopped(
    command: Command, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flags = ("--state-dir", str(state))

    def interrupt(_seconds: float) -> None:
        raise KeyboardInterrupt

    with nothing_left_behind():
        job = start(state, WAITS)
        detached.wait_for(lambda: "begun" in detached.log(state, job))
        assert LogReader(state, job).last_line() is None
        with monkeypatch.context() as patch:
            patch.setattr("mlops_tui.cli.log_following.time.sleep", interrupt)
            done = command("logs", "last", "--follow", *flags)
        assert (done.returncode, done.stdout) == (130, "begun\n")
        assert "keeps running" in done.stderr
        refused = command("stop", "last", "--read-only", *flags)
        assert (refused.returncode, "read-only" in refused.stderr) == (2, True)
        assert detached.now(state, job).state.is_active
        done = command("stop", "last", "--json", *flags)
        assert json.loads(done.stdout)["state"] == "stopped"
        assert command("stop", "last", "--no-wait", *flags).stdout.endswith("stopped\n")


@pytest.mark.parametrize(
    ("launcher", "started_at", "is_left"),
    [("slurm", None, True), ("slurm", 1, False), ("here", None, False)],
)
def test_only_what_slurm_has_to_take_out_of_its_queue_is_not_waited_for(
    command: Command,
    monkeypatch: pytest.MonkeyPatch,
    launcher: str,
    started_at: int | None,
    is_left: bool,
) -> None:
    job = replace(
        detached.planned("true"),
        kind=ProcessKind.JOB,
        state=ProcessState.RUNNING,
        launcher=launcher,
        started_at=started_at,
    )
    looks = iter((job, job, replace(job, state=ProcessState.STOPPED)))
    monkeypatch.setattr(job_lookup, "find_job", lambda *_: job)
    monkeypatch.setattr(jobs, "stop_job", lambda *_: job)
    monkeypatch.setattr(processes, "get", lambda *_: next(looks))
    monkeypatch.setattr(stop, "PATIENCE", -1.0)
    monkeypatch.setattr(stop, "PAUSE", 0.0)
    done = command("stop", "last", "--state-dir", "state")
    assert ("was asked to end" in done.stderr, done.stdout.endswith("stopped\n")) == (
        is_left,
        not is_left,
    )


def test_following_ends_with_the_job(command: Command, state: Path) -> None:
    with nothing_left_behind():
        start(state, f"import time; time.sleep(1); {SAYS}")
        done = command("logs", "last", "--follow", "--state-dir", str(state))
    assert (done.returncode, done.stdout) == (0, "one\ntwo\n20%\n")


def test_a_terminal_gets_colours_and_the_state_of_a_bar_for_now(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from mlops_tui.cli.log_printer import LogPrinter
    from mlops_tui.domain.logs.terminal_text import log_line

    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.delenv("NO_COLOR", raising=False)
    printer = LogPrinter(sys.stdout)
    printer.show_for_now(log_line(b"10%\r20%"))
    printer.put(0, [log_line(b"a\x1b[1;31mred\x1b[0mb")])
    printer.end()
    assert capsys.readouterr().out == "20%\r\x1b[Ka\x1b[1;31mred\x1b[0mb\n"
    monkeypatch.setenv("NO_COLOR", "1")
    LogPrinter(sys.stdout).put(0, [log_line(b"a\x1b[31mred")])
    assert capsys.readouterr().out == "ared\n"
