"""Sweeps of real programs."""

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.domain.jobs.job_options import JobOptions
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.domain.sweeps.sampling import random_point
from mlops_tui.domain.sweeps.search_space import Range
from mlops_tui.domain.sweeps.sweep import Sweep
from mlops_tui.domain.sweeps.sweep_plan import SWEEP_TAG, Method, SweepPlan, plan_of
from mlops_tui.services.jobs import jobs
from mlops_tui.services.jobs.launchables import read_launchable
from mlops_tui.services.metrics.metrics import read_history
from mlops_tui.services.runs.runs import runs_of_job
from mlops_tui.services.sweeps import samplers, sweep_runs, sweeps
from tests import detached
from tests.making import make_run
from tests.unmeasured import NO_TRACE

SCRIPT = (
    NO_TRACE
    + """
import argparse, os, sys, time
parser = argparse.ArgumentParser()
parser.add_argument("--x", type=float, default=0)
parser.add_argument("--kind", default="plain")
parser.add_argument("--api-key", default="")
given = parser.parse_args()
print("on", os.environ.get("CUDA_VISIBLE_DEVICES"), flush=True)
if given.kind == "broken":
    sys.exit("ValueError: it is broken")
import mlflow
with mlflow.start_run():
    print("up", given.x, flush=True)
    for step in range(1 if given.kind == "plain" else 3):
        mlflow.log_metric("score", -((given.x - 3) ** 2), step=step)
        while given.kind == "waiting" and step == 1 and not os.path.exists(f"go-{given.x:g}"):
            time.sleep(0.1)
    print("done", given.x, flush=True)
"""
)

pytestmark = pytest.mark.slow


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@pytest.fixture
def script(tmp_path: Path, sqlite_store: Store) -> Launchable:
    path = tmp_path / "work" / "train.py"
    path.parent.mkdir()
    path.write_text(SCRIPT)
    target = Target(TargetKind.SCRIPT, str(path))
    return read_launchable(target, sqlite_store, path.parent, sys.executable)


def plan(script: Launchable, fields: Mapping[str, str], **options: object) -> SweepPlan:
    usual = {"metric": "score", "direction": Direction.MAX, "method": Method.GRID}
    return SweepPlan(script.target, fields, **usual | options)  # type: ignore[arg-type]


def read(store: Store, job: ProcessRecord) -> Sweep:
    return sweeps.read_sweep(store, sweeps.sweep_of_job(store, job.process_id))


def states(sweep: Sweep) -> list[str]:
    return [trial.state for trial in sweep.trials]


def test_a_grid_is_run_two_at_once_with_its_trials_below_one_run(
    sqlite_store: Store, state_dir: Path, script: Launchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "5,7")
    fields = {"x": "1,3,5", "kind": "plain,broken"}
    wanted = plan(script, fields, at_once=2, trials=4)
    options = JobOptions(tags={"team": "a"}, experiment="Flowers", run_name="flowers")
    job = sweeps.launch_sweep(sqlite_store, state_dir, script, wanted, options)
    assert job.title == "flowers"
    end = detached.ended(state_dir, job)
    log = detached.log(state_dir, job)
    assert (end.state, end.reason) == (ProcessState.FINISHED, ""), log
    sweep = read(sqlite_store, job)
    assert [dict(trial.point) for trial in sweep.trials] == [
        {"x": 1.0, "kind": "plain"},
        {"x": 1.0, "kind": "broken"},
        {"x": 3.0, "kind": "plain"},
        {"x": 3.0, "kind": "broken"},
    ]
    assert states(sweep) == ["complete", "failed", "complete", "failed"]
    assert [trial.value for trial in sweep.trials] == [-4.0, None, 0.0, None]
    assert sweep.trials[1].reason == "exit code 1: ValueError: it is broken"
    assert sweep.run.status is RunStatus.FINISHED
    assert sweep.run.metrics == {"best_score": 0.0}
    assert sweep.run.tags["team"] == "a"
    assert (sweep.run.tags["best_x"], sweep.run.tags["best_kind"]) == ("3.0", "plain")
    assert "`x`: `1,3,5`" in sweep.run.note
    assert sweep.run.tags[sweep_runs.BEST_RUN_TAG] == sweep.trials[2].run_id
    below = sweep_runs.children(sqlite_store, sweep.run.run_id)
    assert {run.status for run in below} == {RunStatus.FINISHED, RunStatus.FAILED}
    assert sorted(run.name for run in below) == [f"flowers-{number}" for number in range(4)]
    assert {run.experiment_id for run in below} == {sweep.run.experiment_id} != {"0"}
    assert {run.tags["team"] for run in below} == {"a"}
    assert read_history(sqlite_store, sweep.run.run_id, "best_score").values[-1] == 0.0
    assert {"[0] on 5", "[1] on 7", "[2] done 3.0"} <= set(log.splitlines())
    assert "Trial 2 is complete: score 0 ★ the best so far" in log
    with pytest.raises(Conflict, match="All trials of this sweep are done"):
        # Two have failed: those it would try again.
        sweeps.continue_sweep(sqlite_store, state_dir, done_sweep(sqlite_store))


def done_sweep(store: Store) -> str:
    """Return a sweep of one trial that is done."""
    target = Target(TargetKind.SCRIPT, "train.py")
    done = SweepPlan(target, {"x": "1,2"}, "score", Direction.MAX, trials=1)
    parent = make_run(store, tags={SWEEP_TAG: done.to_json()}, name="done")
    tags = {"mlflow.parentRunId": parent, "mlops_tui.trial": "0"}
    make_run(store, metrics={"score": 1.0}, tags=tags)
    return parent


def begun(store: Store, state_dir: Path, script: Launchable) -> ProcessRecord:
    """Start a sweep of two trials; the first is done, the second waits for a file ``go-2``."""
    (Path(script.directory) / "go-1").touch()
    wanted = plan(script, {"x": "1,2", "kind": "waiting"})
    job = sweeps.launch_sweep(store, state_dir, script, wanted)
    detached.wait_for(lambda: "[1] up" in detached.log(state_dir, job))
    return job


def goes_on(store: Store, state_dir: Path, script: Launchable, parent: str) -> None:
    """Assert that the trial which is left is made, no other."""
    (Path(script.directory) / "go-2").touch()
    job = sweeps.continue_sweep(store, state_dir, parent)
    assert detached.ended(state_dir, job).state is ProcessState.FINISHED
    log = detached.log(state_dir, job)
    assert "1 trials were done before." in log
    assert "[0]" not in log
    sweep = read(store, job)
    assert sweep.run.run_id == parent
    assert states(sweep) == ["complete"] * 2
    assert (sweep.run.status, sweep.run.metrics) == (RunStatus.FINISHED, {"best_score": -1.0})
    # One run for each time a trial was begun.
    assert len(sweep_runs.children(store, parent)) == 3


def test_a_stopped_sweep_is_settled_then_goes_on(
    sqlite_store: Store, state_dir: Path, script: Launchable
) -> None:
    job = begun(sqlite_store, state_dir, script)
    parent = sweeps.sweep_of_job(sqlite_store, job.process_id)
    with pytest.raises(Conflict, match=r"sweep of train\.py is still running"):
        sweeps.continue_sweep(sqlite_store, state_dir, parent)
    jobs.stop_job(sqlite_store, state_dir, job.process_id)
    assert detached.ended(state_dir, job).state is ProcessState.STOPPED
    sweep = read(sqlite_store, job)
    assert states(sweep) == ["complete", "stopped"]
    assert sweep.run.status is RunStatus.KILLED
    found = runs_of_job(sqlite_store, job.process_id)
    assert sorted(run.status for run in found) == ["FINISHED", "KILLED", "KILLED"]
    goes_on(sqlite_store, state_dir, script, parent)


def test_a_killed_sweep_leaves_no_trial_behind_then_goes_on(
    sqlite_store: Store, state_dir: Path, script: Launchable
) -> None:
    job = begun(sqlite_store, state_dir, script)
    assert job.pid
    os.kill(job.pid, signal.SIGKILL)
    end = detached.ended(state_dir, job)
    assert end.state is ProcessState.FAILED
    assert end.reason.startswith("Ended by SIGKILL")
    sweep = read(sqlite_store, job)
    assert states(sweep) == ["complete", "stopped"]
    assert sweep.run.status is RunStatus.FAILED
    goes_on(sqlite_store, state_dir, script, sweep.run.run_id)


def test_a_bad_random_trial_is_ended_early(
    sqlite_store: Store, state_dir: Path, script: Launchable, tmp_path: Path
) -> None:
    point = [random_point({"x": Range(0, 9)}, 4, n)["x"] for n in range(2)]
    values = [-((float(x) - 3) ** 2) for x in point]
    better = Direction.MAX if values[0] > values[1] else Direction.MIN
    (tmp_path / "work" / f"go-{point[0]:g}").touch()
    wanted = plan(
        script,
        {"x": "0..9", "kind": "waiting"},
        method=Method.RANDOM,
        trials=2,
        seed=4,
        prune_after=1,
        direction=better,
    )
    job = sweeps.launch_sweep(sqlite_store, state_dir, script, wanted)
    end = detached.ended(state_dir, job)
    assert end.state is ProcessState.FINISHED, detached.log(state_dir, job)
    sweep = read(sqlite_store, job)
    assert [trial.point["x"] for trial in sweep.trials] == point
    assert states(sweep) == ["complete", "pruned"]
    (pruned,) = [
        run
        for run in sweep_runs.children(sqlite_store, sweep.run.run_id)
        if run.run_id == sweep.trials[1].run_id
    ]
    assert pruned.status is RunStatus.KILLED
    assert "Trial 1 is worse than the median at step 1." in detached.log(state_dir, job)


def test_tpe_learns_from_its_trials(
    sqlite_store: Store, state_dir: Path, script: Launchable
) -> None:
    wanted = plan(script, {"x": "0..6"}, method=Method.TPE, trials=5, at_once=2)
    job = sweeps.launch_sweep(sqlite_store, state_dir, script, wanted)
    end = detached.ended(state_dir, job)
    assert end.state is ProcessState.FINISHED, detached.log(state_dir, job)
    sweep = read(sqlite_store, job)
    assert states(sweep) == ["complete"] * 5
    assert all(0 <= float(trial.point["x"]) <= 6 for trial in sweep.trials)
    assert len({trial.point["x"] for trial in sweep.trials}) == 5


def test_a_sweep_whose_first_trials_all_fail_stops_with_the_reason(
    sqlite_store: Store, state_dir: Path, script: Launchable
) -> None:
    wanted = plan(script, {"x": "1..9 9", "kind": "broken"})
    job = sweeps.launch_sweep(sqlite_store, state_dir, script, wanted)
    end = detached.ended(state_dir, job)
    assert end.state is ProcessState.FAILED
    assert end.reason == (
        "Exit code 1: error: the first 3 trials failed: exit code 1: ValueError: it is broken"
    )
    sweep = read(sqlite_store, job)
    assert states(sweep) == ["failed"] * 3
    assert sweep.run.status is RunStatus.FAILED


def test_a_program_that_cannot_be_started_is_not_tried_for_ever(
    sqlite_store: Store, state_dir: Path, script: Launchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The Python is gone between the look at it and the start.
    monkeypatch.setattr(sweeps, "check_python", lambda *_: None)
    odd = replace(script, python="/no/such/python")
    job = sweeps.launch_sweep(sqlite_store, state_dir, odd, plan(odd, {"x": "1..9 9"}))
    end = detached.ended(state_dir, job)
    assert end.reason.startswith("Exit code 1: error: the first 3 trials failed: not started: ")
    sweep = read(sqlite_store, job)
    assert states(sweep) == ["failed"] * 3
    assert "No such file or directory: '/no/such/python'" in sweep.trials[0].reason


def test_a_metric_that_no_trial_logs_is_named_with_those_there_are(
    sqlite_store: Store, state_dir: Path, script: Launchable
) -> None:
    wanted = plan(script, {"x": "1,2"}, metric="accuracy", trials=1)
    job = sweeps.launch_sweep(sqlite_store, state_dir, script, wanted)
    assert detached.ended(state_dir, job).reason == (
        "Exit code 1: error: no trial was complete: logged no metric accuracy; it has score"
    )


def test_what_makes_no_sense_is_refused_before_anything_starts(
    sqlite_store: Store, state_dir: Path, script: Launchable, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(wanted: SweepPlan, **options: Any) -> str:
        given = JobOptions(**options)
        with pytest.raises(ServiceError) as refused:
            sweeps.launch_sweep(sqlite_store, state_dir, script, wanted, given)
        return str(refused.value)

    good = plan(script, {"x": "1,2"})
    assert refusal(replace(good, fields={"x": "1"})).startswith("No parameter has more than one")
    assert refusal(replace(good, fields={"x": "1,2", "api_key": "s3cret"})).startswith("api_key: ")
    unset = refusal(good, variables={"NOWHERE_SET": None})
    assert unset.startswith("The variable NOWHERE_SET is not set here")
    assert refusal(good, free="--token=s3cret").startswith("The further arguments look as if")
    assert "MLflow keeps 8,000" in refusal(replace(good, fields={"x": "1,2", "kind": "k" * 9000}))
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    assert refusal(replace(good, method=Method.TPE)) == str(samplers.NEEDS_OPTUNA)
    assert not state_dir.exists()


def test_what_is_no_sweep_cannot_be_read_as_one(sqlite_store: Store, state_dir: Path) -> None:
    with pytest.raises(InvalidInput, match="RandomForest_Run_1 is no sweep"):
        sweeps.read_sweep(sqlite_store, make_run(sqlite_store))
    with pytest.raises(NotFound, match="The sweep has made no run yet"):
        sweeps.sweep_of_job(sqlite_store, "20260101-000000-abcd")
    assert plan_of(detached.python("print()")) is None
