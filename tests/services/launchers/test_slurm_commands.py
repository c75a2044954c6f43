"""Slurm's commands where they fail: stand-ins that say what the real ones said."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput, ServiceError, Unreachable
from mlops_tui.domain.processes.process import ProcessKind, ProcessState
from mlops_tui.domain.slurm.slurm_resources import SlurmResources
from mlops_tui.services.launchers import (
    processes,
    slurm_commands,
    slurm_id,
    slurm_jobs,
    slurm_launch,
)
from mlops_tui.services.processes import process_mark, records, stop_request
from tests import detached


@pytest.fixture
def says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the commands that are found."""
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
    return tmp_path


def stand_in(folder: Path, name: str, body: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def test_a_machine_without_slurm_is_told_where_to_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ServiceError) as failure:
        slurm_commands.queue()
    assert str(failure.value) == (
        "There is no squeue on this machine's PATH. "
        "Start mlops-tui where the cluster's commands are: on a login node."
    )


def test_a_command_that_cannot_be_started_says_so(
    says: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(says))
    (says / "squeue").write_bytes(b"\x00")
    (says / "squeue").chmod(0o755)
    with pytest.raises(ServiceError, match=r"^squeue could not be started: "):
        slurm_commands.queue()


def test_a_controller_that_is_down_is_named(says: Path) -> None:
    said = "slurm_load_jobs error: Unable to contact slurm controller (connect failure)"
    stand_in(says, "squeue", f"echo '{said}' >&2; exit 1")
    with pytest.raises(Unreachable) as failure:
        slurm_commands.queue()
    assert str(failure.value) == f"Slurm's controller does not answer. {slurm_commands.IS_IT_UP}"


def test_a_command_that_hangs_is_given_up(says: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slurm_commands, "LIMIT", 0.2)
    stand_in(says, "squeue", "exec sleep 600")
    with pytest.raises(Unreachable, match=r"^Slurm did not answer squeue within 0\.2 s\."):
        slurm_commands.queue()


def test_a_submission_without_an_id_is_not_taken_for_one(says: Path) -> None:
    stand_in(says, "sbatch", "echo Submitted")
    with pytest.raises(ServiceError, match="gave no id"):
        slurm_commands.submit([], "", {"PATH": str(says)})


def test_a_refusal_is_shown_harmlessly(says: Path) -> None:
    stand_in(says, "sbatch", "printf 'sbatch: error: no \\033[31m[red]\\n' >&2; exit 1")
    with pytest.raises(InvalidInput, match=r"^Slurm refused the job: no \[red\]\. `sinfo`"):
        slurm_commands.submit([], "", {"PATH": f"{says}:/bin:/usr/bin"})


def test_ending_a_job_that_has_ended_is_no_failure(says: Path) -> None:
    said = "scancel: error: Kill job error on job id 5: Job/step already completing or completed"
    stand_in(says, "scancel", f"echo '{said}' >&2; exit 1")
    slurm_commands.ask_to_end("5")
    stand_in(says, "scancel", "echo 'scancel: error: Access/permission denied' >&2; exit 1")
    with pytest.raises(ServiceError, match=r"^scancel failed: Access/permission denied\.$"):
        slurm_commands.cancel("5")


def test_the_accounting_may_know_what_the_controller_has_forgotten(says: Path) -> None:
    stand_in(says, "sacct", "echo '5|TIMEOUT|None'")
    found = slurm_commands.accounted("5")
    assert found
    assert found.word == "TIMEOUT"
    stand_in(says, "sacct", "echo 'Slurm accounting storage is disabled' >&2; exit 1")
    assert slurm_commands.accounted("5") is None


def test_a_submission_from_within_a_job_does_not_inherit_what_that_job_asked_for(
    says: Path,
) -> None:
    stand_in(says, "sbatch", f"env >{says}/env; echo 7")
    inside = {"SLURM_JOB_ID": "1", "SLURM_MEM_PER_NODE": "9", "SLURM_CONF": "/c", "KEPT": "1"}
    inside[process_mark.NAME] = "20261130-101010-abcd"
    assert slurm_commands.submit([], "", {"PATH": f"{says}:/bin:/usr/bin", **inside}) == "7"
    given = (says / "env").read_text().splitlines()
    assert {line for line in given if line.startswith(("SLURM", "KEPT", process_mark.NAME))} == {
        "SLURM_CONF=/c",
        "KEPT=1",
    }


def test_the_wish_to_stop_a_job_stands_while_slurm_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unreachable("Slurm's controller does not answer.")

    for name in ("queue", "ask_to_end", "cancel"):
        monkeypatch.setattr(slurm_commands, name, away)
    slurm_jobs.clear_cache()
    plan = replace(detached.planned("true"), launcher="slurm", state=ProcessState.RUNNING)
    folder = records.create(tmp_path / "state", plan)
    slurm_id.write(folder, "7")
    for _ in range(2):
        asked = processes.stop(tmp_path / "state", plan.kind, plan.process_id)
        assert asked.state is ProcessState.STOPPING
        assert asked.reason == f"Slurm's controller does not answer. {slurm_jobs.REQUEST_IS_KEPT}"
        assert stop_request.is_requested(folder)
    slurm_jobs.clear_cache()


def test_the_time_of_a_suspended_job_stands_still(
    says: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slurm_jobs, "QUEUE_AGE", 0.0)
    planned = replace(detached.planned("true"), launcher="slurm", started_at=1_000)
    record = replace(planned, state=ProcessState.RUNNING, suspended=5_000)
    slurm_id.write(records.create(tmp_path / "state", record), "7")
    for word, until in (("RUNNING", None), ("SUSPENDED", 71_000), ("RUNNING", None)):
        stand_in(says, "squeue", f"echo '7|{word}|1:05|n1|None'")
        seen = detached.now(tmp_path / "state", record)
        assert (seen.state, seen.counted_until) == (ProcessState.RUNNING, until)


def test_a_job_that_another_login_node_submits_is_not_lost(tmp_path: Path) -> None:
    plan = replace(detached.python("print()"), state=ProcessState.WAITING, launcher="slurm")
    here = replace(plan, supervisor_pid=2**30, supervisor_started_at=1.0, host="far", boot_id="its")
    records.create(tmp_path, here)
    found = detached.now(tmp_path, here)
    assert (found.state, found.reason) == (
        ProcessState.ELSEWHERE,
        "It was being submitted to Slurm on far.",
    )


@pytest.mark.parametrize(
    ("number", "value", "reason"),
    [(errno.EDQUOT, "", "Disk quota exceeded"), (0, "a\0b", "sbatch could not be started")],
)
def test_a_submission_that_the_system_refuses_is_told_and_leaves_nothing_behind(
    says: Path, monkeypatch: pytest.MonkeyPatch, number: int, value: str, reason: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    stand_in(says, "sbatch", "echo 7")
    monkeypatch.setattr(slurm_id, "write", refuse)
    plan = replace(detached.python("print()"), kind=ProcessKind.JOB)
    with pytest.raises(ServiceError, match=reason):
        slurm_launch.start(says, plan, {**os.environ, "ODD": value}, SlurmResources())
    assert list((says / "jobs").iterdir()) == []
