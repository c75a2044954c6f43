"""Starts or adopts the process that a supervisor looks after."""

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from mlops_tui.domain.jobs.job_secrets import COMMAND
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.files.regular_file import open_descriptor
from mlops_tui.services.processes import log_file, process_mark, recorded_process
from mlops_tui.services.processes.ignored_signals import restore_signals

ADOPT = "adopt"
"""The word that lets a supervisor take over only: it starts nothing."""


@dataclass(frozen=True, slots=True)
class Child:
    """The process supervised. ``exit_code`` is None where only its parent would know."""

    pid: int
    has_ended: Callable[[], bool]
    exit_code: Callable[[], int | None]
    wrote_error_last: Callable[[], bool]
    """Return whether the end of its log was written to standard error, as far as is known."""


def spawn(folder: Path, record: ProcessRecord) -> Child:
    """Start the recorded command in a session of its own, with our environment and its log.

    No line is lost whoever of us dies: the process writes to the file itself.
    """
    import subprocess

    stdout, stderr = _open_log(folder), _open_log(folder)
    command = _command(record)
    process = subprocess.Popen(  # noqa: S603 - what the person launched, never through a shell
        command,
        cwd=record.cwd,
        env={**os.environ, process_mark.NAME: record.process_id},
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        preexec_fn=restore_signals,  # noqa: PLW1509 - there is one thread
    )
    codes: dict[int, int] = {}

    def has_ended() -> bool:
        codes.update(_collect())
        process.returncode = codes.get(process.pid)
        return process.pid in codes

    def wrote_error_last() -> bool:
        # Each was opened by itself, and is where the last write through it ended.
        end, error = (os.lseek(each, 0, os.SEEK_CUR) for each in (stdout, stderr))
        return error > end and error == os.fstat(stderr).st_size

    return Child(process.pid, has_ended, lambda: codes.get(process.pid), wrote_error_last)


def _open_log(folder: Path) -> int:
    return open_descriptor(folder / log_file.NAME, os.O_CREAT | os.O_WRONLY | os.O_APPEND)


def _command(record: ProcessRecord) -> list[str]:
    """Return the words to run: those that hold secrets were handed on beside the record."""
    secret_command = os.environ.pop(COMMAND, "")
    return json.loads(secret_command) if secret_command else list(record.command)


def adopt(record: ProcessRecord) -> Child:
    """Look after a process that another supervisor has started, and may not have written down."""

    def has_ended() -> bool:
        if record.pid is None:
            return not process_mark.marked_processes(record.process_id)
        return not recorded_process.is_running(record)

    return Child(record.pid or 0, has_ended, lambda: None, lambda: False)


def _collect() -> dict[int, int]:
    """Return the exit codes of our children that have ended, adopted orphans included."""
    codes = {}
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])
    return codes
