"""What Slurm does at the end of a job, on a cluster that kills at once."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState, Settlement
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.slurm.slurm_resources import SlurmResources
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import taking_over
from mlops_tui.services.launchers import processes, slurm_commands, slurm_launch
from mlops_tui.services.processes import child_environment
from mlops_tui.services.runs import runs
from tests import detached
from tests.unmeasured import NO_TRACE

pytestmark = pytest.mark.slow

SMALL = SlurmResources(partition="short", cpus=1, memory="200M", time_limit="5")
DEAF = (
    NO_TRACE
    + """
import mlflow, signal, time
mlflow.start_run()
for number in (signal.SIGTERM, signal.SIGCONT):
    signal.signal(number, signal.SIG_IGN)
print("up", flush=True)
"""
)
"""A program with an open run that only SIGKILL ends."""


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@pytest.fixture(autouse=True)
def _on_strict_slurm(strict_slurm: None) -> None:
    """Every test here needs the cluster."""


def training(store: Store, state_dir: Path, code: str, resources: SlurmResources) -> ProcessRecord:
    plan = replace(detached.python(code), kind=ProcessKind.JOB, store=store.label)
    plan = replace(plan, cwd=str(child_environment.working_directory(store)))
    environ = os.environ | child_environment.child_variables(store, Path(sys.executable))
    record = slurm_launch.start(state_dir, plan, environ, resources)
    detached.wait_for(lambda: "up" in detached.log(state_dir, record))
    return record


def see_it_settled(store: Store, state_dir: Path, end: ProcessRecord, status: RunStatus) -> None:
    assert end.is_unsettled
    taking_over.take_over(store, state_dir)
    detached.wait_for(lambda: detached.now(state_dir, end).settlement is Settlement.DONE)
    (run,) = runs.runs_of_job(store, end.process_id)
    assert run.status is status


def test_a_job_that_slurm_kills_with_its_supervisor_was_cancelled_not_lost(
    sqlite_store: Store, state_dir: Path
) -> None:
    resources = replace(SMALL, memory="800M")
    job = training(sqlite_store, state_dir, DEAF + "time.sleep(600)", resources)
    slurm_commands.cancel(detached.now(state_dir, job).details["slurm_job"])
    end = detached.ended(state_dir, job)
    assert (end.state, end.reason) == (ProcessState.STOPPED, "It was cancelled in Slurm.")
    see_it_settled(sqlite_store, state_dir, end, RunStatus.KILLED)


def test_a_job_over_its_memory_says_so_where_no_control_group_limits_it(
    sqlite_store: Store, state_dir: Path
) -> None:
    code = DEAF + "full = bytearray(1_000_000_000)\ntime.sleep(600)"
    job = training(sqlite_store, state_dir, code, replace(SMALL, memory="700M"))
    end = detached.ended(state_dir, job)
    assert (end.state, end.reason) == (
        ProcessState.FAILED,
        "It exceeded its memory limit in Slurm.",
    )
    if end.settlement is not Settlement.DONE:
        see_it_settled(sqlite_store, state_dir, end, RunStatus.FAILED)


def test_a_stopped_job_that_does_not_listen_is_stopped(
    sqlite_store: Store, state_dir: Path
) -> None:
    resources = replace(SMALL, memory="800M")
    job = training(sqlite_store, state_dir, DEAF + "time.sleep(600)", resources)
    processes.stop(state_dir, job.kind, job.process_id)
    processes.stop(state_dir, job.kind, job.process_id)
    end = detached.ended(state_dir, job)
    assert (end.state, end.reason) == (ProcessState.STOPPED, "It was cancelled in Slurm.")


def test_a_sweep_is_not_refused_while_the_node_is_drained(state_dir: Path) -> None:
    node = ["scontrol", "update", "nodename=node1"]
    subprocess.run([*node, "state=drain", "reason=maintenance"], check=True)
    try:
        slurm_launch.check_array(SMALL, 3, 2)
        plan = replace(detached.python("print()"), kind=ProcessKind.JOB)
        (waits,) = slurm_launch.start_array(
            state_dir, state_dir / "array", [plan], os.environ, SMALL, 1
        )
        now = detached.wait_for(lambda: with_reason(state_dir, waits))
        assert now.state is ProcessState.WAITING
        assert now.reason.startswith("Waiting in Slurm: ")
        processes.stop(state_dir, waits.kind, waits.process_id)
        assert detached.ended(state_dir, waits).state is ProcessState.STOPPED
        assert not [job for job in slurm_commands.queue().values() if job.state.is_active]
    finally:
        subprocess.run([*node, "state=resume"], check=True)
    with pytest.raises(InvalidInput, match="Invalid partition name"):
        slurm_launch.check_array(replace(SMALL, partition="none"), 3, 2)


def with_reason(state_dir: Path, job: ProcessRecord) -> ProcessRecord | None:
    now = detached.now(state_dir, job)
    return now if now.reason.count(" ") > 2 else None
