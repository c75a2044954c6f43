"""Detached processes for a test, none of which may be left behind."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import psutil
import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, Settlement
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import log_file, records
from tests.patience import PATIENCE

T = TypeVar("T")

MARK = "TEST_OF_DETACHED_PROCESSES"


@contextmanager
def nothing_left_behind() -> Iterator[None]:
    """Fail when a process still runs at the end that inherited the environment of the test."""
    mark = uuid4().hex
    os.environ[MARK] = mark
    yield
    deadline = time.monotonic() + PATIENCE
    while (left := marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.05)
    for process in left:
        with suppress(psutil.Error):
            process.kill()
    assert left == []


@contextmanager
def stranger(*words: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Give a process in a session of its own that is none of ours."""
    command = [sys.executable, "-c", "import time; time.sleep(600)", *words]
    with subprocess.Popen(command, start_new_session=True) as process:
        try:
            yield process
        finally:
            process.kill()


def marked(mark: str) -> list[psutil.Process]:
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def planned(*command: str, cwd: Path = Path("/"), grace: float = 10.0) -> ProcessRecord:
    """Return the record of a server to start: unlike a job, it needs no MLflow at its end."""
    return ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.SERVER,
        title="a process",
        command=command,
        cwd=str(cwd),
        environment=(),
        store="",
        created_at=records.now(),
        grace=grace,
    )


def python(code: str, **options: float) -> ProcessRecord:
    return planned(sys.executable, "-c", code, **options)  # type: ignore[arg-type]


def start(state_dir: Path, record: ProcessRecord) -> ProcessRecord:
    return processes.start(state_dir, record, os.environ)


def now(state_dir: Path, record: ProcessRecord) -> ProcessRecord:
    return processes.get(state_dir, record.kind, record.process_id)


def log(state_dir: Path, record: ProcessRecord) -> str:
    folder = records.directory(state_dir, record.kind, record.process_id)
    path = log_file.path_of(folder, records.read(folder) or record)
    return path.read_text(errors="replace") if path.is_file() else ""


def ended(state_dir: Path, record: ProcessRecord) -> ProcessRecord:
    """Return the record once the process has ended, with its runs."""

    def gone() -> ProcessRecord | None:
        found = now(state_dir, record)
        return None if found.is_underway else found

    return wait_for(gone)


def settled(state_dir: Path, record: ProcessRecord) -> ProcessRecord:
    """Return the record once the process has ended and its runs are settled, or given up."""

    def done() -> ProcessRecord | None:
        found = ended(state_dir, record)
        return None if found.settlement is Settlement.PENDING else found

    return wait_for(done)


def wait_for(look: Callable[[], T | None]) -> T:
    """Return what is found, as soon as it is."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    pytest.fail("it did not happen")
