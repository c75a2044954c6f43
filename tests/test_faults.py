"""What may go wrong around a job, with real processes: nothing is lost, nothing left behind."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services import records
from tests import detached
from tests.terminal import Terminal

COMMAND = Path(sys.executable).with_name("mlops-tui")
UP = "import time; print('up', flush=True); time.sleep(600)"
FILLS = """
try:
    with open("junk", "wb", buffering=0) as file:
        while True: file.write(bytes(65536)) == 65536 or file.write(b"x")
except OSError:
    raise SystemExit(3)
"""


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@contextmanager
def small_disk(place: Path) -> Iterator[Path]:
    """Mount a disk of a megabyte, which takes root."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)]
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


def test_the_end_of_a_job_that_fills_the_disk_is_written_once_there_is_room(
    tmp_path: Path,
) -> None:
    with detached.nothing_left_behind(), small_disk(tmp_path / "disk") as disk:
        state_dir = disk / "state"
        job = detached.start(state_dir, replace(detached.python(FILLS), cwd=str(disk)))
        assert job.pid
        detached.wait_for(lambda: not psutil.pid_exists(job.pid or 0))
        folder = records.directory(state_dir, job.kind, job.process_id)
        with pytest.raises(OSError, match="No space left"):
            records.write(folder, job)
        assert detached.now(state_dir, job).state is ProcessState.RUNNING
        assert [each.name for each in folder.glob("record.json.*")] == []
        (disk / "junk").unlink()
        end = detached.ended(state_dir, job)
        assert (end.state, end.exit_code) == (ProcessState.FAILED, 3)


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
        other.press("D")
        other.wait_for("Remove")
        other.press("enter")
        one.wait_for("No training jobs yet")
    with pytest.raises(NotFound):
        records.directory(state_dir, job.kind, job.process_id)
