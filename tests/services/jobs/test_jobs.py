import json
import os
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui import recipes
from mlops_tui.domain.errors import Conflict, NotFound, Unreachable
from mlops_tui.domain.jobs.job_options import JobOptions
from mlops_tui.domain.jobs.job_spec import job_spec
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.jobs.recipe import Value
from mlops_tui.domain.processes.process import (
    TRIAL_OF,
    ProcessKind,
    ProcessRecord,
    ProcessState,
    Settlement,
)
from mlops_tui.domain.runs.run import JOB_TAG, Run, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from mlops_tui.services.jobs.launchables import read_launchable
from mlops_tui.services.launchers import processes, reconcile, settlement
from mlops_tui.services.processes import child_environment, log_file, process_identity, records
from mlops_tui.services.runs import runs
from tests import detached
from tests.making import make_run
from tests.unmeasured import NO_TRACE

OPEN_RUN = (
    NO_TRACE
    + """
import mlflow, sys, time
mlflow.start_run()
print("up", flush=True)
"""
)


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


def launched(store: Store, state_dir: Path, code: str) -> ProcessRecord:
    """Start a job that runs this code as a recipe's program would."""
    record = replace(
        detached.python(code),
        kind=ProcessKind.JOB,
        cwd=str(child_environment.working_directory(store)),
        store=store.label,
    )
    given = child_environment.child_variables(store, Path(sys.executable))
    given["MLFLOW_RUN_CONTEXT"] = json.dumps({JOB_TAG: record.process_id})
    record = processes.start(state_dir, record, child_environment.inherited() | given)
    if "up" in code:
        detached.wait_for(lambda: "up" in detached.log(state_dir, record))
    return record


def only_run(store: Store, job: ProcessRecord) -> Run:
    (run,) = runs.runs_of_job(store, job.process_id)
    return run


def launch_recipe(
    store: Store, state_dir: Path, python: str, name: str, **values: Value | None
) -> ProcessRecord:
    """Launch a recipe with its defaults but for these values."""
    found = read_launchable(Target(TargetKind.RECIPE, name), store, Path.cwd(), python)
    recipe = recipes.find(name)
    defaults = {each.name: each.default for each in recipe.parameters} if recipe else {}
    options = JobOptions(python=python)
    return jobs.launch(store, state_dir, job_spec(found, defaults | values, options))


def lost_job(store: Store, state_dir: Path) -> ProcessRecord:
    """Return the record of a job that a restart of the machine has cut off, with an open run."""
    job = replace(
        detached.python("print()"),
        kind=ProcessKind.JOB,
        state=ProcessState.RUNNING,
        store=store.label,
        host=process_identity.host(),
        boot_id="before",
    )
    records.create(state_dir, job)
    make_run(store, tags={JOB_TAG: job.process_id}, status="RUNNING")
    make_run(store, tags={JOB_TAG: "another"}, status="RUNNING")
    make_run(store, tags={JOB_TAG: job.process_id}, status="FINISHED")
    return job


@pytest.mark.slow
def test_the_run_of_a_stopped_job_reads_killed(sqlite_store: Store, state_dir: Path) -> None:
    job = launched(sqlite_store, state_dir, OPEN_RUN + "time.sleep(600)")
    assert only_run(sqlite_store, job).status is RunStatus.RUNNING
    asked = jobs.stop_job(sqlite_store, state_dir, job.process_id)
    assert asked.state is ProcessState.STOPPING
    end = detached.ended(state_dir, job)
    assert (end.state, end.reason) == (ProcessState.STOPPED, "")
    run = only_run(sqlite_store, job)
    assert run.status is RunStatus.KILLED
    assert run.ended_at


@pytest.mark.slow
def test_the_run_of_a_job_that_died_reads_failed(sqlite_store: Store, state_dir: Path) -> None:
    job = launched(sqlite_store, state_dir, OPEN_RUN + "import os, signal; os.kill(os.getpid(), 9)")
    end = detached.ended(state_dir, job)
    assert end.state is ProcessState.FAILED
    assert end.reason.startswith("Ended by SIGKILL")
    assert only_run(sqlite_store, job).status is RunStatus.FAILED


@pytest.mark.slow
def test_a_job_is_settled_although_its_first_supervisor_was_killed(
    sqlite_store: Store, state_dir: Path
) -> None:
    job = launched(sqlite_store, state_dir, OPEN_RUN + "time.sleep(600)")
    assert job.supervisor_pid
    os.kill(job.supervisor_pid, signal.SIGKILL)
    detached.wait_for(lambda: process_identity.started_at(job.supervisor_pid or 0) is None)
    jobs.stop_job(sqlite_store, state_dir, job.process_id)
    end = detached.ended(state_dir, job)
    assert (end.state, end.reason) == (ProcessState.STOPPED, "")
    assert only_run(sqlite_store, job).status is RunStatus.KILLED


@pytest.mark.parametrize(
    ("state", "status"),
    [
        (ProcessState.FINISHED, RunStatus.FINISHED),
        (ProcessState.FAILED, RunStatus.FAILED),
        (ProcessState.STOPPED, RunStatus.KILLED),
        (ProcessState.LOST, RunStatus.FAILED),
    ],
)
def test_an_open_run_becomes_what_its_job_came_to(
    sqlite_store: Store, state: ProcessState, status: RunStatus
) -> None:
    make_run(sqlite_store, tags={JOB_TAG: "job"}, status="RUNNING")
    assert settlement.settle(sqlite_store, "job", state) == 1
    (run,) = runs.runs_of_job(sqlite_store, "job")
    assert run.status is status
    assert settlement.settle(sqlite_store, "job", state) == 0


def test_a_lost_job_can_be_settled(sqlite_store: Store, state_dir: Path) -> None:
    job = lost_job(sqlite_store, state_dir)
    settled = jobs.settle_job(sqlite_store, state_dir, job.process_id)
    assert settled.state is ProcessState.LOST
    assert settled.settlement is Settlement.DONE
    assert settled.outcome == f"{reconcile.RESTARTED} Its runs are settled: 1 had been left open."
    assert [settled] == list(jobs.list_jobs(state_dir))
    found = runs.runs_of_job(sqlite_store, job.process_id)
    assert sorted(run.status for run in found) == [RunStatus.FAILED, RunStatus.FINISHED]
    (other,) = runs.runs_of_job(sqlite_store, "another")
    assert other.status is RunStatus.RUNNING


def test_settling_a_sweep_settles_its_trials_too_which_nobody_else_does(
    sqlite_store: Store, state_dir: Path
) -> None:
    sweep = replace(lost_job(sqlite_store, state_dir), details={"sweep": "{}"})
    processes.amend(state_dir, sweep)
    given_up = replace(
        sweep,
        process_id=records.new_id(),
        state=ProcessState.FAILED,
        settlement=Settlement.GIVEN_UP,
        details={TRIAL_OF: sweep.process_id},
    )
    done = replace(given_up, process_id=records.new_id(), settlement=Settlement.DONE)
    other = replace(given_up, process_id=records.new_id(), details={TRIAL_OF: "another"})
    for trial in (given_up, done, other):
        records.create(state_dir, trial)
        make_run(sqlite_store, tags={JOB_TAG: trial.process_id}, status="RUNNING")
    settled = jobs.settle_job(sqlite_store, state_dir, sweep.process_id)
    assert settled.settlement_reason == "Its runs are settled: 2 had been left open."
    left = {}
    for trial in (given_up, done, other):
        (left[trial.process_id],) = runs.runs_of_job(sqlite_store, trial.process_id)
    open_ones = [each for each, run in left.items() if run.status is RunStatus.RUNNING]
    assert open_ones == [done.process_id, other.process_id]
    assert detached.now(state_dir, given_up).settlement is Settlement.DONE
    assert detached.now(state_dir, other).settlement is Settlement.GIVEN_UP


def test_a_lost_job_has_taken_as_long_as_it_wrote_to_its_log(
    sqlite_store: Store, state_dir: Path
) -> None:
    job = replace(lost_job(sqlite_store, state_dir), started_at=1_700_000_000_000)
    folder = records.directory(state_dir, job.kind, job.process_id)
    records.write(folder, job)
    (folder / log_file.NAME).write_text("step 1\n")
    os.utime(folder / log_file.NAME, (1_700_000_006, 1_700_000_006))
    assert detached.now(state_dir, job).ended_at == 1_700_000_006_000
    settled = jobs.settle_job(sqlite_store, state_dir, job.process_id)
    assert settled.ended_at == 1_700_000_006_000
    found = runs.runs_of_job(sqlite_store, job.process_id)
    assert [run.is_end_assumed for run in found if run.status is RunStatus.FAILED] == [True]


def test_settling_again_tells_that_nothing_is_open(sqlite_store: Store, state_dir: Path) -> None:
    job = lost_job(sqlite_store, state_dir)
    jobs.settle_job(sqlite_store, state_dir, job.process_id)
    settled = jobs.settle_job(sqlite_store, state_dir, job.process_id)
    assert settled.outcome == f"{reconcile.RESTARTED} Its runs are settled: 0 had been left open."


def test_settling_later_replaces_why_it_failed_before(sqlite_store: Store, state_dir: Path) -> None:
    job = replace(
        lost_job(sqlite_store, state_dir),
        state=ProcessState.FAILED,
        reason="Exit code 1.",
        settlement=Settlement.GIVEN_UP,
        settlement_reason="http://host does not answer.",
    )
    processes.amend(state_dir, job)
    settled = jobs.settle_job(sqlite_store, state_dir, job.process_id)
    assert settled.settlement is Settlement.DONE
    assert settled.outcome == "Exit code 1. Its runs are settled: 1 had been left open."


def test_a_job_is_not_settled_in_a_store_that_is_not_its_own(
    sqlite_store: Store, state_dir: Path
) -> None:
    job = lost_job(sqlite_store, state_dir)
    with pytest.raises(Conflict, match="wrote to sqlite"):
        jobs.settle_job(Store("http://127.0.0.1:1"), state_dir, job.process_id)


def test_a_running_job_is_not_settled(sqlite_store: Store, state_dir: Path) -> None:
    job = launched(sqlite_store, state_dir, "import time; print('up', flush=True); time.sleep(600)")
    with pytest.raises(Conflict, match=r"still running\. Stop it first\."):
        jobs.settle_job(sqlite_store, state_dir, job.process_id)
    jobs.stop_job(sqlite_store, state_dir, job.process_id)
    detached.ended(state_dir, job)


def test_nothing_is_launched_for_a_server_that_does_not_answer(state_dir: Path) -> None:
    with pytest.raises(Unreachable, match=r"127\.0\.0\.1:9"):
        launch_recipe(Store("http://127.0.0.1:9"), state_dir, sys.executable, "synthetic_forest")
    assert jobs.list_jobs(state_dir) == ()


def test_an_unknown_recipe_is_refused(store: Store, state_dir: Path) -> None:
    with pytest.raises(NotFound, match="There are: synthetic_forest, bundled_data, tabular"):
        launch_recipe(store, state_dir, sys.executable, "magic")


def test_a_job_names_what_it_was_given_but_no_secret(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "tops3cret")
    # The Python is gone between the look at it and the start.
    monkeypatch.setattr(jobs, "check_python", lambda *_: None)
    store = replace(sqlite_store, registry_uri="http://me:tops3cret@127.0.0.1:1")
    job = launch_recipe(store, state_dir, "/no/such/python", "synthetic_forest", max_depth=None)
    assert job.state is ProcessState.FAILED
    assert job.environment == (
        "GIT_PYTHON_REFRESH",
        "MLFLOW_REGISTRY_URI",
        "MLFLOW_RUN_CONTEXT",
        "MLFLOW_TRACKING_URI",
        "PATH",
        "PYTHONUNBUFFERED",
    )
    assert job.title == job.details["run_name"] == "RandomForest_Run_1"
    assert job.details["experiment"] == "Iris Classification Fun"
    assert json.loads(job.details["values"])["max_depth"] is None
    assert job.cwd == str(sqlite_store.sqlite_path and sqlite_store.sqlite_path.parent)
    written = b"".join(p.read_bytes() for p in state_dir.rglob("*") if p.is_file())
    assert b"tops3cret" not in written


def test_a_child_gets_mlflow_as_the_person_has_it(
    store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("MLFLOW_RUN_ID", "around")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://elsewhere")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "99")
    inherited = child_environment.inherited()
    names = {name for name in inherited if name.startswith("MLFLOW")}
    assert names == {"MLFLOW_HTTP_REQUEST_TIMEOUT", "MLFLOW_DISABLE_TELEMETRY"}
    given = child_environment.child_variables(store, Path("/env/bin/python"))
    assert given["PATH"].startswith("/env/bin:")
    monkeypatch.chdir(tmp_path)
    relative = Store("sqlite:///a.db?x=1", "sqlite:///b.db")
    assert child_environment.store_variables(relative) == {
        "MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/a.db?x=1",
        "MLFLOW_REGISTRY_URI": f"sqlite:///{tmp_path}/b.db",
    }
    assert child_environment.working_directory(Store("http://host")) == tmp_path


@pytest.mark.slow
def test_the_tutorial_trains_to_its_accuracy_with_a_model_that_loads(
    store: Store, state_dir: Path
) -> None:
    import mlflow

    job = launch_recipe(store, state_dir, sys.executable, "synthetic_forest")
    end = detached.ended(state_dir, job)
    assert (end.state, end.reason) == (ProcessState.FINISHED, ""), detached.log(state_dir, job)
    run = only_run(store, job)
    assert (run.status, run.name) == (RunStatus.FINISHED, "RandomForest_Run_1")
    assert run.metrics["accuracy"] == 0.905
    assert run.params["max_depth"] == "5"
    detail = runs.get_run(store, run.run_id)
    assert detail.experiment_name == "Iris Classification Fun"
    assert [(d.name, d.context) for d in detail.datasets] == [
        ("make_classification", "training"),
        ("make_classification", "test"),
    ]
    (logged,) = detail.models
    assert logged.name == "random_forest_model"
    assert store.sqlite_path
    assert run.artifact_uri.startswith(str(store.sqlite_path.parent / "mlruns"))
    row = json.loads(
        Path(run.artifact_uri.removeprefix("file://"), "first_test_row.json").read_text()
    )
    from pandas import DataFrame

    model = mlflow.pyfunc.load_model(logged.uri)
    assert list(model.predict(DataFrame(**row))) in ([0], [1])
    assert "Accuracy 0.905 on 200 rows" in detached.log(state_dir, job)
