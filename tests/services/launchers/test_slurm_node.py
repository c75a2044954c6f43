"""The supervisor on the node where no cluster is needed to see what it does."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.services.launchers import slurm_id
from mlops_tui.services.processes import records
from tests import detached


def on_node(place: Path, **environ: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-P", "-m", "mlops_tui.services.launchers.slurm_node", str(place)]
    given = {**os.environ, **environ}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=given)


def test_a_job_whose_submission_was_taken_back_starts_nothing(tmp_path: Path) -> None:
    done = on_node(tmp_path / "servers" / "20260101-000000-abcd")
    assert done.returncode == 1
    assert "holds no job to start" in done.stderr
    record = replace(detached.python("print('started')"), state=ProcessState.STOPPED)
    assert on_node(records.create(tmp_path, record)).returncode == 1


@pytest.mark.parametrize(
    ("command", "code"),
    [
        ("raise SystemExit(3)", 3),
        ("import os; os.kill(os.getpid(), 9)", 137),
        ("pass", 0),
    ],
)
def test_slurm_is_given_the_exit_code_of_the_job(tmp_path: Path, command: str, code: int) -> None:
    folder = records.create(tmp_path, detached.python(command))
    done = on_node(folder, SLURM_JOB_ID="7", MLFLOW_RUN_CONTEXT="no json")
    assert (done.returncode, slurm_id.read(folder)) == (code, "7")
    record = records.read(folder)
    assert record
    assert record.details["slurm_job"] == "7"
    assert record.host


def test_a_command_that_cannot_be_started_fails_in_slurm_too(tmp_path: Path) -> None:
    folder = records.create(tmp_path, detached.planned("/no/such/program"))
    assert on_node(folder).returncode == 1
    assert slurm_id.read(folder) == ""


@pytest.mark.parametrize("answer", ["exit 1", "echo '7|NODE_FAIL|1:00|n1|None'"])
def test_a_job_told_to_end_asks_slurm_why(tmp_path: Path, answer: str) -> None:
    (tmp_path / "squeue").write_text(f"#!/bin/sh\n{answer}\n")
    (tmp_path / "squeue").chmod(0o755)
    code = "import os, signal, time; os.kill(os.getppid(), signal.SIGTERM); time.sleep(600)"
    folder = records.create(tmp_path / "state", detached.python(code))
    on_node(folder, SLURM_JOB_ID="7", PATH=f"{tmp_path}:{os.environ['PATH']}")
    record = records.read(folder)
    assert record
    known = (ProcessState.LOST, "Its node failed.")
    assert (record.state, record.reason) == (
        known if "NODE_FAIL" in answer else (ProcessState.STOPPED, "")
    )


SUSPENDS = """
import json, os, psutil, signal, time

supervisor = psutil.Process(os.getppid())
record = os.path.dirname(os.readlink("/proc/self/fd/1")) + "/record.json"

def suspended():
    with open(record) as file:
        return json.load(file)["suspended"]

for _ in range(2):
    before = suspended()
    supervisor.send_signal(signal.SIGSTOP)
    while supervisor.status() != psutil.STATUS_STOPPED:
        time.sleep(0.01)
    time.sleep(1.1)
    supervisor.send_signal(signal.SIGCONT)
    while suspended() < before + 1000:
        time.sleep(0.01)
supervisor.send_signal(signal.SIGCONT)
"""


def test_the_time_in_which_a_job_was_suspended_is_not_counted(tmp_path: Path) -> None:
    folder = records.create(tmp_path, detached.python(SUSPENDS))
    assert on_node(folder, SLURM_JOB_ID="7").returncode == 0
    record = records.read(folder)
    assert record
    assert record.suspended >= 2_000
    assert record.started_at
    assert record.ended_at
    assert record.counted_since == record.started_at + record.suspended
    assert record.counted_since <= record.ended_at
