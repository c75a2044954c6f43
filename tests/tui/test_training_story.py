"""Launching, watching, stopping training."""

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import process_identity, records
from mlops_tui.services.runs import runs
from mlops_tui.tui.jobs.jobs_pane import JobsPane
from mlops_tui.tui.jobs.training_screen import TrainingScreen
from tests.making import make_run
from tests.tui.story import Story, story


async def open_form(person: Story) -> None:
    """Choose the first of what can be launched."""
    await person.press("2")
    await person.press("n")
    await person.sees("What to launch", "Random forest on synthetic data")
    await person.press("enter")
    await person.sees("New training job", "Iris Classification Fun")


async def launch(person: Story) -> None:
    await person.press("2")
    await person.sees("Press n to launch one")
    await open_form(person)
    await person.press("ctrl+s")
    await person.sees_no("New training job")


def job_of(state_dir: Path) -> str:
    (job,) = jobs.list_jobs(state_dir)
    return job.process_id


def state_of(state_dir: Path) -> ProcessState:
    (job,) = jobs.list_jobs(state_dir)
    return job.state


@pytest.mark.slow
async def test_the_tutorial_is_trained_by_its_defaults(store: Store, state_dir: Path) -> None:
    async with story(store, state_dir) as person:
        await launch(person)
        await person.sees("RandomForest_Run_1", "running")
        await person.until(lambda: state_of(state_dir) is ProcessState.FINISHED, "finished")
        await person.sees("finished", "accuracy")
        await person.press("1")
        await person.sees("Iris Classification Fun", "0.905")
        await person.press("2", "v")
        await person.sees("Overview", "random_forest_model")
    (run,) = runs.runs_of_job(store, job_of(state_dir))
    assert run.metrics["accuracy"] == 0.905
    assert run.status is RunStatus.FINISHED


@pytest.mark.slow
async def test_a_stopped_job_leaves_a_killed_run(store: Store, state_dir: Path) -> None:
    async with story(store, state_dir) as person:
        await open_form(person)
        await fill(person, "n_estimators", "10000")
        await person.press("ctrl+s")
        await person.until(lambda: runs_of(store, state_dir), "a run of the job")
        await person.sees("● running")
        await person.press("x")
        await person.sees("Stop RandomForest_Run_1?")
        await person.press("enter")
        await person.until(lambda: state_of(state_dir) is ProcessState.STOPPED, "stopped")
        await person.sees("stopped")
        await person.until(
            lambda: runs_of(store, state_dir)[0].status is RunStatus.KILLED, "a killed run"
        )


@pytest.mark.slow
async def test_a_job_runs_on_when_the_interface_quits(store: Store, state_dir: Path) -> None:
    async with story(store, state_dir) as person:
        await open_form(person)
        await fill(person, "n_estimators", "10000")
        await person.press("ctrl+s")
        await person.sees("running")
        await person.press("q")
    assert state_of(state_dir) is ProcessState.RUNNING
    async with story(store, state_dir) as person:
        await person.press("2")
        await person.sees("RandomForest_Run_1", "running")
        await person.until(lambda: runs_of(store, state_dir), "a run of the job")
        await person.press("x")
        await person.sees("Stop RandomForest_Run_1?")
        await person.press("enter")
        await person.until(lambda: state_of(state_dir) is ProcessState.STOPPED, "stopped")


async def test_a_wrong_field_says_why_and_launches_nothing(store: Store, state_dir: Path) -> None:
    async with story(store, state_dir) as person:
        await open_form(person)
        await fill(person, "test_share", "2")
        await person.sees("at most 0.9")
        await person.press("ctrl+s")
        await person.sees("test_share: at most 0.9")
    assert jobs.list_jobs(state_dir) == ()


async def test_the_other_recipe_has_other_fields(store: Store, state_dir: Path) -> None:
    async with story(store, state_dir, size=(120, 50)) as person:
        await person.press("2", "n")
        await person.sees("scikit-learn data set")
        await person.press("down", "enter")
        await person.sees("data_set", "estimator")


async def fill(person: Story, name: str, text: str) -> None:
    """Put another text into a field of the form."""
    from textual.widgets import Input

    for field in person.app.screen.query(Input):
        if field.name == name:
            field.focus()
            field.value = ""
    await person.pilot.pause()
    await person.type(text)


def runs_of(store: Store, state_dir: Path) -> tuple[Run, ...]:
    found = jobs.list_jobs(state_dir)
    return runs.runs_of_job(store, found[0].process_id) if found else ()


async def test_the_command_can_be_copied_from_the_form(store: Store, state_dir: Path) -> None:
    async with story(store, state_dir) as person:
        await open_form(person)
        await person.press("ctrl+y")
        await person.until(lambda: person.app.clipboard, "something copied")
    command = person.app.clipboard
    assert json.dumps("Iris Classification Fun") in command


def record_of(kind: ProcessKind, program: str, **details: str) -> ProcessRecord:
    return ProcessRecord(
        process_id=records.new_id(),
        kind=kind,
        title="by hand",
        command=(sys.executable, "-c", program),
        cwd=str(Path.cwd()),
        environment=(),
        store="sqlite:///mlflow.db",
        created_at=records.now(),
        details=details,
    )


async def test_an_ended_job_is_removed_with_its_log(store: Store, state_dir: Path) -> None:
    record = replace(record_of(ProcessKind.JOB, "print('said by the job')"), store=store.label)
    processes.start(state_dir, record, os.environ)
    async with story(store, state_dir) as person:
        await person.press("2")
        await person.sees("by hand", "finished", "said by the job")
        await person.press("enter", "escape", "v")
        await person.sees("created no run yet")
        await person.press("y")
        assert "said by the job" in person.app.clipboard
        await person.press("D")
        await person.sees("Remove by hand from the list?")
        await person.press("enter")
        await person.sees("No training jobs yet")
    assert jobs.list_jobs(state_dir) == ()


async def test_a_failed_job_shows_why(store: Store, state_dir: Path) -> None:
    program = "raise SystemExit('the data are missing')"
    processes.start(state_dir, record_of(ProcessKind.JOB, program), os.environ)
    async with story(store, state_dir) as person:
        await person.press("2")
        await person.sees("failed", "the data are missing")


async def test_the_runs_of_a_lost_job_are_settled(sqlite_store: Store, state_dir: Path) -> None:
    record = replace(
        record_of(ProcessKind.JOB, "pass"),
        store=sqlite_store.label,
        state=ProcessState.RUNNING,
        pid=1,
        host=process_identity.host(),
        boot_id="another boot",
    )
    records.create(state_dir, record)
    tags = {"mlops_tui.job": record.process_id}
    make_run(sqlite_store, name="left open", tags=tags, status="RUNNING")
    async with story(sqlite_store, state_dir) as person:
        await person.press("2")
        await person.sees("? lost")
        await person.press("S")
        await person.sees("settled")
    (run,) = runs.runs_of_job(sqlite_store, record.process_id)
    assert run.status is RunStatus.FAILED


async def test_a_job_of_a_container_that_is_gone_is_forgotten_after_asking(
    store: Store, state_dir: Path
) -> None:
    record = replace(
        record_of(ProcessKind.JOB, "pass"),
        state=ProcessState.RUNNING,
        pid=2,
        **process_identity.Location(host="box", boot_id="theirs", pid_namespace="pid:[1]"),
    )
    records.create(state_dir, record)
    async with story(store, state_dir) as person:
        await person.press("2")
        await person.sees("elsewhere")
        await person.press("D")
        await person.sees("Nobody here knows whether", "nobody sees its end")
        await person.press("enter")
        await person.sees("Press n to launch one")
    assert records.read(state_dir / record.kind / record.process_id) is None


async def test_a_servers_log_fills_the_screen_and_a_dead_server_is_removed(
    store: Store, state_dir: Path
) -> None:
    details = {"model": "Flowers", "version": "1", "stage": "None", "port": "1", "aliases": "[]"}
    program = "print('the server said something'); raise SystemExit(3)"
    processes.start(state_dir, record_of(ProcessKind.SERVER, program, **details), os.environ)
    async with story(store, state_dir) as person:
        await person.press("4")
        await person.sees("Flowers", "failed")
        await person.press("y")
        assert "the server said something" in person.app.clipboard
        await person.press("Y")
        await person.sees("Copy the query as", "Python (requests)", "mlflow models predict")
        await person.press("enter")
        assert person.app.clipboard.startswith("curl")
        await person.press("o")
        await person.sees("the server said something")
        await person.press("escape")
        await person.sees("POST http://127.0.0.1:1")
        await person.press("D")
        await person.sees("Remove by hand from the list?")
        await person.press("enter")
        await person.sees("No servers yet")


TALKS = """
import sys, time
for number in range(3000): print("epoch", number, "needle" if number % 1000 == 7 else "")
sys.stdout.flush()
print("ValueError: it broke", file=sys.stderr, flush=True)
for number in range(40): print("after", number)
print("\\n".join(["outer", "\\r  inner 10%\\x1b[A\\router 50%|#| 1/2 [00:01<00:09, 3.0it/s]"]))
print("", end="\\n", flush=True)
time.sleep(600)
"""


async def test_a_log_is_searched_and_its_errors_are_found(
    sqlite_store: Store, state_dir: Path
) -> None:
    job = processes.start(state_dir, record_of(ProcessKind.JOB, TALKS), os.environ)
    async with story(sqlite_store, state_dir) as person:
        await person.press("2")
        await person.sees("50%  1/2  3.0it/s  9.0s left", "of 3,043 lines", "follows")
        await person.press("enter", "n")
        await person.sees("Type / first")
        await person.press("slash")
        await person.type("needle")
        await person.press("enter")
        await person.sees("3 of 3 lines with 'needle'", "▶ epoch 2007 needle", "paused")
        await person.press("N", "N")
        await person.sees("1 of 3", "▶ epoch 7 needle")
        await person.press("N")
        await person.sees("none above")
        await person.press("n")
        await person.sees("2 of 3", "▶ epoch 1007 needle")
        await person.press("e")
        await person.sees("1 of 1 errors", "▶ ValueError: it broke")
        await person.press("e")
        await person.sees("none below")
        await person.press("escape")
        await person.sees_no("errors")
        await person.press("slash", "x", "escape", "G")
        await person.sees("follows", "inner 10%")
        await person.press("escape", "x")
        await person.sees("Stop by hand?")
        await person.press("enter")
        await person.until(lambda: state_of(state_dir) is ProcessState.STOPPED, "stopped")
    assert not processes.get(state_dir, job.kind, job.process_id).state.is_active


async def test_the_load_of_the_machine_stands_above_the_jobs(
    store: Store, state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "nvidia-smi"
    script.write_text("#!/bin/sh\necho 97, 2048, 24576\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    async with story(store, state_dir, size=(80, 24)) as person:
        await person.press("2")
        await person.sees("CPU ", "GPU 97%! mem 8%")
        await person.press("1")
        await person.sees_no("CPU ")


async def test_what_is_started_is_said_until_its_row_is_there(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.press("2")
        await person.sees("Press n to launch one")
        screen = person.app.screen
        assert isinstance(screen, TrainingScreen)
        screen.expect("Starting the job…")
        await person.sees_no("Press n to launch one")
        await person.press("r")
        await person.sees("Starting the job… · 0 of")
        record = record_of(ProcessKind.JOB, "pass")
        records.create(state_dir, record)
        screen.go_to(record)
        await person.sees_no("Starting the job…")
        assert screen.query_one(JobsPane).current is not None
        screen.expect("Starting the job…")
        screen.expect("")
        await person.sees_no("Starting the job…")
