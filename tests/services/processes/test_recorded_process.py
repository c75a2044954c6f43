"""Which processes a record proves to be its own: only these may be signalled."""

import os
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.services.launchers import all_launchers, supervisor_process
from mlops_tui.services.processes import process_identity, recorded_process
from tests import detached

if TYPE_CHECKING:
    import subprocess

BESIDE = {"host": "box", "pid_namespace": "pid:[1]"}
OTHERS: list[dict[str, Any]] = [
    {"pid_started_at": 1.5, "supervisor_started_at": 1.5},
    {"pid_started_at": None, "supervisor_started_at": None},
    {"pid": None, "supervisor_pid": None},
    {"boot_id": "before"},
    {"boot_id": "theirs", "host": "far"},
    {"boot_id": ""},
    BESIDE,
]
"""What a record says that is of another process than the one which has its pid here and now."""


@pytest.fixture
def process() -> Iterator["subprocess.Popen[bytes]"]:
    """Return a process that looks as our supervisors do."""
    with detached.stranger("a.supervisor") as child:
        yield child


def recorded(process: "subprocess.Popen[bytes]") -> ProcessRecord:
    """Return the record of a process that is its own supervisor."""
    since = process_identity.started_at(process.pid)
    return replace(
        detached.planned("true"),
        state=ProcessState.RUNNING,
        pid=process.pid,
        pid_started_at=since,
        supervisor_pid=process.pid,
        supervisor_started_at=since,
        **process_identity.here(),
    )


def test_the_processes_of_a_record_are_found(process: "subprocess.Popen[bytes]") -> None:
    record = recorded(process)
    for found in (recorded_process.leader(record), recorded_process.supervisor(record)):
        assert found
        assert found.pid == process.pid
    assert recorded_process.is_running(record)
    assert recorded_process.is_supervised(record)
    assert all_launchers.launcher_of(record).stop_command(record) == f"kill -TERM {process.pid}"
    supervisor_process.terminate(record)
    assert process.wait() == -15


@pytest.mark.parametrize("other", OTHERS)
def test_a_process_with_the_pid_of_another_one_is_neither_found_nor_signalled(
    process: "subprocess.Popen[bytes]", other: dict[str, Any]
) -> None:
    record = replace(recorded(process), **other)
    assert recorded_process.leader(record) is recorded_process.supervisor(record) is None
    assert not recorded_process.is_running(record)
    assert not recorded_process.is_supervised(record)
    assert all_launchers.launcher_of(record).stop_command(record) == ""
    with pytest.raises(ServiceError, match="its supervisor is not here, or is gone"):
        supervisor_process.terminate(record)
    assert process.poll() is None


def test_what_is_left_of_a_process_that_has_ended_is_no_process(
    process: "subprocess.Popen[bytes]",
) -> None:
    record = recorded(process)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert recorded_process.leader(record) is None
