"""A sweep as an array job of a real Slurm."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput
from mlops_tui.domain.jobs.job_options import JobOptions
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.processes.process import (
    TRIAL_OF,
    ProcessKind,
    ProcessRecord,
    ProcessState,
)
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.sweep import Sweep
from mlops_tui.domain.sweeps.sweep_plan import Method, SweepPlan
from mlops_tui.domain.sweeps.trial import TrialEnd, TrialState
from mlops_tui.services.jobs import job_ends, jobs
from mlops_tui.services.jobs.launchables import read_launchable
from mlops_tui.services.launchers import processes, slurm_id
from mlops_tui.services.launchers.slurm import SlurmArrays
from mlops_tui.services.processes import records, stop_request
from mlops_tui.services.sweeps import sweeps
from mlops_tui.services.sweeps.trial_array import TASKS, TrialArray, TrialTask
from tests import detached
from tests.unmeasured import NO_TRACE

pytestmark = pytest.mark.slow

SCRIPT = (
    NO_TRACE
    + """
import argparse, os, sys, time
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=int, default=0)
x = parser.parse_args().x
if x == 2:
    sys.exit("ValueError: it is broken")
import mlflow
with mlflow.start_run():
    mlflow.log_metric("score", x)
    print("up", x, os.environ["KEY"], os.environ["SLURM_ARRAY_TASK_ID"], flush=True)
    while x == 3 and not os.path.exists("go"):
        time.sleep(0.1)
"""
)


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


def trials_of(state_dir: Path, sweep: ProcessRecord) -> list[ProcessRecord]:
    found = jobs.list_jobs(state_dir)
    return [job for job in reversed(found) if job.details.get(TRIAL_OF) == sweep.process_id]


def read(store: Store, job: ProcessRecord) -> Sweep:
    return sweeps.read_sweep(store, sweeps.sweep_of_job(store, job.process_id))


def states(sweep: Sweep) -> list[str]:
    return [trial.state for trial in sweep.trials]


@pytest.fixture
def script(sqlite_store: Store, tmp_path: Path) -> Launchable:
    path = tmp_path / "work" / "train.py"
    path.parent.mkdir()
    path.write_text(SCRIPT)
    target = Target(TargetKind.SCRIPT, str(path))
    return read_launchable(target, sqlite_store, path.parent, sys.executable)


def launched(
    store: Store, state_dir: Path, script: Launchable, partition: str = "short"
) -> ProcessRecord:
    fields = {"x": "1,2,3,4"}
    plan = SweepPlan(script.target, fields, "score", Direction.MAX, Method.GRID, at_once=2)
    resources = {"partition": partition, "cpus": "1", "memory": "480M", "time_limit": "5"}
    options = JobOptions(
        runs_on="Slurm", resources=resources, run_name="flowers", variables={"KEY": "s3cret"}
    )
    return sweeps.launch_sweep(store, state_dir, script, plan, options)


def check_running(store: Store, state_dir: Path, job: ProcessRecord) -> list[ProcessRecord]:
    """Assert what is known while the third of four trials runs; return their jobs."""
    log = detached.wait_for(lambda: log_with(state_dir, job, "Trial 3 is complete"))
    assert "Trial 1 failed: Exit code 1: ValueError: it is broken" in log
    tasks = trials_of(state_dir, job)
    assert [task.title for task in tasks] == [f"flowers: trial {number}" for number in range(4)]
    array = tasks[0].details["slurm_job"].partition("_")[0]
    assert [task.details["slurm_job"] for task in tasks] == [f"{array}_{n}" for n in range(4)]
    assert [task.state for task in tasks] == ["finished", "failed", "running", "finished"]
    assert "up 1 s3cret 0" in detached.log(state_dir, tasks[0])
    assert all("s3cret" not in path.read_text() for path in state_dir.rglob("*.json"))
    sweep = read(store, job)
    assert states(sweep) == ["complete", "failed", "running", "complete"]
    assert (sweep.run.status, sweep.run.metrics) == (RunStatus.RUNNING, {"best_score": 4.0})
    with pytest.raises(Conflict, match="is still"):
        sweeps.continue_sweep(store, state_dir, sweep.run.run_id)
    return tasks


def check_stopped(
    store: Store, state_dir: Path, job: ProcessRecord, tasks: list[ProcessRecord]
) -> Sweep:
    """Assert that nothing is left open, nobody was told of single trials; return the sweep."""
    assert detached.ended(state_dir, job).state is ProcessState.STOPPED
    assert detached.settled(state_dir, tasks[2]).state is ProcessState.STOPPED
    detached.wait_for(lambda: "running" not in states(read(store, job)))
    sweep = read(store, job)
    assert states(sweep) == ["complete", "failed", "stopped", "complete"]
    assert sweep.run.status is RunStatus.KILLED
    assert job_ends.look(state_dir, frozenset(), 0).ends == ()
    return sweep


def check_done(store: Store, state_dir: Path, job: ProcessRecord) -> None:
    """Assert that the two trials which were left were made, no other."""
    end = detached.ended(state_dir, job)
    assert end.state is ProcessState.FINISHED, detached.log(state_dir, job)
    assert "2 trials were done before." in detached.log(state_dir, job)
    tasks = trials_of(state_dir, job)
    assert [task.title for task in tasks] == ["flowers: trial 1", "flowers: trial 2"]
    sweep = read(store, job)
    assert states(sweep) == ["complete", "failed", "complete", "complete"]
    assert [trial.value for trial in sweep.trials] == [1.0, None, 3.0, 4.0]
    assert sweep.run.status is RunStatus.FINISHED


def test_a_sweep_is_an_array_that_is_stopped_then_goes_on(
    slurm: Path,
    sqlite_store: Store,
    state_dir: Path,
    script: Launchable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with pytest.raises(InvalidInput, match="Slurm refused the job: Invalid partition name"):
        launched(sqlite_store, state_dir, script, partition="nope")
    assert not state_dir.exists()
    job = launched(sqlite_store, state_dir, script)
    assert (job.launcher, job.queues) == ("here", False)
    tasks = check_running(sqlite_store, state_dir, job)
    jobs.stop_job(sqlite_store, state_dir, job.process_id)
    sweep = check_stopped(sqlite_store, state_dir, job, tasks)

    (Path(script.directory) / "go").touch()
    monkeypatch.setenv("KEY", "s3cret")
    again = sweeps.continue_sweep(sqlite_store, state_dir, sweep.run.run_id)
    check_done(sqlite_store, state_dir, again)
    place = state_dir / again.kind / again.process_id
    assert (place / TASKS / "1").is_dir()
    processes.remove(state_dir, again.kind, again.process_id)
    assert not place.exists()
    assert len(trials_of(state_dir, again)) == 2


def log_with(state_dir: Path, job: ProcessRecord, words: str) -> str:
    """Return the log once it holds these words."""
    log = detached.log(state_dir, job)
    return log if words in log else ""


@pytest.mark.parametrize(
    ("state", "asked", "end"),
    [
        (ProcessState.FINISHED, False, (TrialState.COMPLETE, "")),
        (ProcessState.STOPPED, True, (TrialState.PRUNED, "")),
        (ProcessState.STOPPED, False, (TrialState.STOPPED, "")),
        (ProcessState.LOST, False, (TrialState.FAILED, "Its node failed.")),
    ],
)
def test_a_trial_ends_as_its_job_does(
    tmp_path: Path, state: ProcessState, asked: bool, end: TrialEnd
) -> None:
    record = replace(detached.planned("true"), kind=ProcessKind.JOB, state=state)
    records.create(tmp_path, replace(record, reason="Its node failed."))
    task = TrialTask(tmp_path, record.process_id)
    task.is_asked_to_end = asked
    assert task.end() == end
    assert not task.is_going
    processes.remove(tmp_path, record.kind, record.process_id)
    assert task.end() == (TrialState.STOPPED, "")


def test_trials_are_asked_to_end_though_slurm_does_not_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    sweep, task = (replace(detached.planned("true"), kind=ProcessKind.JOB) for _ in range(2))
    folder = records.create(tmp_path, task)
    slurm_id.write(folder, "7_0")
    array = TrialArray(SlurmArrays(), records.create(tmp_path, sweep), sweep, {}, 1)
    array._tasks = {3: TrialTask(tmp_path, task.process_id)}
    array.stop([3])
    assert stop_request.is_requested(folder)
    assert array._tasks[3].is_asked_to_end
