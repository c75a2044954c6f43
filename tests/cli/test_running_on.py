import os
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.cli.running_on import tell_what_runs_on
from mlops_tui.domain.processes.process import ProcessKind, ProcessState
from mlops_tui.services.processes import process_identity, records
from tests import detached

JOB, SERVER = ProcessKind.JOB, ProcessKind.SERVER
RUNNING, WAITING = ProcessState.RUNNING, ProcessState.WAITING


def put(state_dir: Path, kind: ProcessKind, state: ProcessState, **changes: object) -> None:
    me = os.getpid()
    record = replace(
        detached.planned("true"),
        kind=kind,
        state=state,
        host=process_identity.host(),
        boot_id=process_identity.boot_id(),
        pid_namespace=process_identity.pid_namespace(),
        supervisor_pid=me,
        supervisor_started_at=process_identity.started_at(me),
    )
    records.create(state_dir, replace(record, **changes))  # type: ignore[arg-type]


def test_who_leaves_is_told_what_runs_on_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    state_dir = tmp_path / "state"
    tell_what_runs_on(state_dir)
    assert capsys.readouterr().err == ""
    put(state_dir, JOB, ProcessState.FINISHED)
    put(state_dir, JOB, RUNNING, supervisor_pid=None)
    put(state_dir, JOB, RUNNING, details={"attached": "yes"})
    tell_what_runs_on(state_dir)
    assert capsys.readouterr().err == ""
    put(state_dir, JOB, RUNNING)
    put(state_dir, JOB, RUNNING, launcher="slurm")
    put(state_dir, JOB, WAITING)
    put(state_dir, SERVER, RUNNING)
    tell_what_runs_on(state_dir)
    said = capsys.readouterr().err
    assert "Still running: 2 jobs, 1 waiting job, 1 model server." in said
    assert said.count("\n") == 1
