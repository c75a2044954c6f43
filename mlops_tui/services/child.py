"""The process that a supervisor looks after."""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from mlops_tui.domain.process import ProcessRecord
from mlops_tui.services import process_identity


@dataclass(frozen=True, slots=True)
class Child:
    """The process supervised. ``exit_code`` is None where only its parent would know."""

    pid: int
    has_ended: Callable[[], bool]
    exit_code: Callable[[], int | None]


def spawn(record: ProcessRecord) -> Child:
    """Start the recorded command in a session of its own, with our environment and output.

    Both its outputs are one file, opened to append: what the kernel wrote first stands first, and
    no line is lost whoever of us dies. To tell stderr apart, somebody would have to stand between:
    a pump (a pipe whose reader dies loses what is in it, then ends the job with SIGPIPE), or two
    files with a journal of who grew when (which guesses the order of all that was written between
    two looks). A traceback in its true place is worth more than its colour.
    """
    import subprocess

    process = subprocess.Popen(  # noqa: S603 - what the person launched, never through a shell
        record.command, cwd=record.cwd, stdin=subprocess.DEVNULL, start_new_session=True
    )
    codes: dict[int, int] = {}

    def has_ended() -> bool:
        codes.update(_collect())
        process.returncode = codes.get(process.pid)
        return process.pid in codes

    return Child(process.pid, has_ended, lambda: codes.get(process.pid))


def adopt(record: ProcessRecord) -> Child:
    """Look after a process that another supervisor has started."""

    def has_ended() -> bool:
        return not process_identity.is_alive(record.pid, record.pid_started_at)

    return Child(record.pid or 0, has_ended, lambda: None)


def _collect() -> dict[int, int]:
    """Return the exit codes of our children that have ended, adopted orphans included."""
    codes = {}
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            codes[ended[0]] = os.waitstatus_to_exitcode(ended[1])
    return codes
