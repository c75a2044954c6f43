"""What may go wrong around a job, with real processes: nothing is lost, nothing left behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.jobs.job_options import JobOptions
from mlops_tui.domain.jobs.job_spec import job_spec
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import job_queue, jobs
from mlops_tui.services.jobs.launchables import find_target, read_launchable
from mlops_tui.services.launchers import processes
from mlops_tui.services.metrics import metrics
from mlops_tui.services.processes import records
from mlops_tui.services.runs import runs
from mlops_tui.tui.kit.table import Table
from tests import detached
from tests.mlflow_server import MlflowServer
from tests.terminal import Terminal
from tests.tui.story import Story, story

COMMAND = Path(sys.executable).with_name("mlops-tui")
UP = "import time; print('up', flush=True); time.sleep(600)"
FILLS = """
try:
    with open("junk", "wb", buffering=0) as file:
        while True: file.write(bytes(65536)) == 65536 or file.write(b"x")
except OSError:
    raise SystemExit(3)
"""

LOGS = """
import contextlib, itertools, sys, time
from pathlib import Path
import mlflow
name = sys.argv[1]
mlflow.start_run()
for step in itertools.count():
    print("step", step, flush=True)
    with contextlib.suppress(*[Exception] if name == "forgives" else []):
        mlflow.log_metric("loss", step, step=step)
    if Path(name).exists():
        break
    time.sleep(0.1)
"""
"""Logs to the end of its days, or until there is a file of its name."""


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """Mount a disk of a megabyte, which takes root."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,nr_inodes=60", "tmpfs", str(place)]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("A small disk cannot be mounted here: that takes root.")
    try:
        yield place
    finally:
        subprocess.run([shutil.which("umount") or "", "--lazy", str(place)], check=True)


def launched(state_dir: Path) -> ProcessRecord:
    return detached.start(state_dir, replace(detached.python(UP), kind=ProcessKind.JOB))


def app(tmp_path: Path, state_dir: Path) -> Terminal:
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    terminal = Terminal([COMMAND, "--tracking-uri", uri, "--state-dir", state_dir])
    terminal.wait_for("? Help")
    return terminal


def test_the_end_of_a_job_that_fills_the_disk_is_written_over_its_record(
    tmp_path: Path,
) -> None:
    with detached.nothing_left_behind(), small_disk(tmp_path / "disk") as disk:
        state_dir = disk / "state"
        job = detached.start(state_dir, replace(detached.python(FILLS), cwd=str(disk)))
        assert job.pid
        detached.wait_for(lambda: not psutil.pid_exists(job.pid or 0))
        end = detached.ended(state_dir, job)
        assert (end.state, end.exit_code) == (ProcessState.FAILED, 3)
        folder = records.directory(state_dir, job.kind, job.process_id)
        with pytest.raises(OSError, match="No space left"):
            (folder / "more").write_bytes(bytes(8192))
        assert [each.name for each in folder.glob("record.json.*")] == []
        with pytest.raises(ServiceError, match=r"was not started: .*: No space left on device"):
            detached.start(state_dir, replace(detached.python(UP), title="x" * 9000))
        assert [each.name for each in folder.parent.iterdir()] == [job.process_id]


def test_a_job_is_stopped_although_there_is_no_room_for_another_file(tmp_path: Path) -> None:
    with detached.nothing_left_behind(), small_disk(tmp_path / "disk") as disk:
        state_dir = disk / "state"
        job = detached.start(state_dir, detached.python(UP))
        detached.wait_for(lambda: "up" in detached.log(state_dir, job))
        fill = disk / "fill"
        with suppress(OSError):
            for number in range(100_000):
                (disk / f"f{number}").touch()
        with pytest.raises(OSError, match="No space left"):
            fill.touch()
        processes.stop(state_dir, job.kind, job.process_id)
        assert detached.ended(state_dir, job).state is ProcessState.STOPPED


def test_a_killed_interface_leaves_its_job_but_no_service_process(
    tmp_path: Path, state_dir: Path
) -> None:
    job = launched(state_dir)
    with app(tmp_path, state_dir) as terminal:
        services = psutil.Process(terminal.pid).children(recursive=True)
        assert services
        os.kill(terminal.pid, signal.SIGKILL)
        psutil.wait_procs(services)
    assert detached.now(state_dir, job).state is ProcessState.RUNNING
    with app(tmp_path, state_dir) as terminal:
        terminal.press("2")
        terminal.wait_for("a process")
        terminal.press("x")
        terminal.wait_for("Stop")
        terminal.press("enter")
        assert detached.ended(state_dir, job).state is ProcessState.STOPPED


def test_two_interfaces_on_one_state_directory_see_the_same(
    tmp_path: Path, state_dir: Path
) -> None:
    with app(tmp_path, state_dir) as one, app(tmp_path, state_dir) as other:
        for terminal in (one, other):
            terminal.press("2")
            terminal.wait_for("No training jobs yet")
        job = launched(state_dir)
        one.wait_for("a process")
        other.wait_for("a process")
        one.press("x")
        one.wait_for("Stop")
        one.press("enter")
        other.wait_for("■ stopped")
        one.wait_for("■ stopped")
        # Its runs are settled beside that; until then it is not removed.
        detached.wait_for(lambda: not detached.now(state_dir, job).is_underway)
        other.wait_gone("◍")
        other.press("D")
        other.wait_for("Remove")
        other.press("enter")
        one.wait_for("No training jobs yet")
    with pytest.raises(NotFound, match="no process"):
        records.directory(state_dir, job.kind, job.process_id)


def launched_on(
    store: Store, state_dir: Path, name: str, variables: dict[str, str]
) -> ProcessRecord:
    found = read_launchable(find_target("train.py", Path.cwd()), store, Path.cwd(), sys.executable)
    spec = job_spec(found, {}, JobOptions(run_name=name, free=name))
    return jobs.launch(store, state_dir, spec, variables)


@pytest.mark.slow
async def test_a_store_that_goes_away_and_comes_back_loses_nothing(
    tmp_path: Path, state_dir: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "train.py").write_text(LOGS)
    monkeypatch.chdir(tmp_path)
    job_queue.set_slots(state_dir, 3)
    with MlflowServer(tmp_path, empty_database) as server:
        hasty = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"}
        wills = {"patient": {}, "dies": hasty, "forgives": hasty}
        started = [launched_on(server.store, state_dir, name, wills[name]) for name in wills]
        for job in started:
            detached.wait_for(lambda job=job: "step 1" in detached.log(state_dir, job))  # type: ignore[misc]
        async with story(server.store, state_dir) as person:
            await person.sees("3 loaded", *wills)
            server.kill()
            await person.sees("Nothing listens at", "last update", *wills)
            (tmp_path / "forgives").touch()
            await see_what_has_ended_settle(person, started[2])
            await person.until(lambda: detached.now(state_dir, started[1]).ended_at, "one dies")
            server.start()
            await person.press("S")
            await person.sees("Its runs are settled")
        (tmp_path / "patient").touch()
        ends = [detached.ended(state_dir, job) for job in started]
        assert [end.state for end in ends] == ["finished", "failed", "finished"]
        assert [end.settlement for end in ends] == ["done"] * 3
        found = [runs.runs_of_job(server.store, job.process_id)[0] for job in started]
        assert [run.status for run in found] == ["FINISHED", "FAILED", "FINISHED"]
        said = detached.log(state_dir, started[0]).split("\n")[:-1]
        points = metrics.read_history(server.store, found[0].run_id, "loss", limit=9_999)
        assert [line for line in said if "step" in line] == [f"step {n}" for n in points.steps]


async def see_what_has_ended_settle(person: Story, job: ProcessRecord) -> None:
    """Look at a job whose store is away; wait for that no longer."""
    await person.press("2")
    table = person.app.screen.query_one("#jobs", Table)
    await person.until(lambda: job.process_id in table.keys, "the job")
    table.move_to(job.process_id)
    await person.sees("Updating its runs in MLflow", "✓ finished ◍")
    await person.press("x")
    await person.sees(f"Wait no longer for the store of {job.title}?")
    await person.press("enter")
    await person.sees("S settles its open runs", "could not be settled")
