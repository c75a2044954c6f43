"""Runs the notify command of the user when a job has ended, or a monitor has an alert."""

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import TRIAL_OF, ProcessKind, ProcessRecord
from mlops_tui.services.files.regular_file import open_descriptor
from mlops_tui.services.processes import log_file, records
from mlops_tui.services.processes.ignored_signals import restore_signals
from mlops_tui.settings.options import NOTIFY_COMMAND

TIMEOUT = 30.0
"""Seconds after which the command is ended."""
PATH = "PATH"


def run(folder: Path, timeout: float = TIMEOUT) -> None:
    """Run the command for an ended job; a failure becomes a line in the job's log."""
    words = os.environ.get(NOTIFY_COMMAND, "")
    record = records.read(folder)
    if not words or record is None or record.kind is not ProcessKind.JOB or record.state.is_active:
        return
    if TRIAL_OF in record.details:
        return
    if problem := _problem(words, environment(record, os.environ), timeout):
        note_problem(folder, problem)


def note_problem(folder: Path, problem: str) -> None:
    """Write what went wrong with the command to the log of a process."""
    with suppress(OSError):
        log = open_descriptor(folder / log_file.NAME, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        with os.fdopen(log, "w", encoding="utf-8") as file:
            file.write(f"mlops-tui: the notify command {problem}\n")


def told(words: str, variables: Mapping[str, str], timeout: float = TIMEOUT) -> str:
    """Run the command with variables beside the person's own; return what went wrong."""
    own = {name: value for name, value in os.environ.items() if name != NOTIFY_COMMAND}
    return _problem(words, own | dict(variables), timeout)


def environment(record: ProcessRecord, inherited: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of the command: the person's own with five that tell of the job.

    What was set for this job alone, secrets of its training among it, is not lent to the command;
    but the search path is.
    """
    own = {
        name: value
        for name, value in inherited.items()
        if name == PATH or name not in (*record.environment, NOTIFY_COMMAND)
    }
    job_variables = {
        "ID": record.process_id,
        "TITLE": one_line(record.title),
        "STATE": record.state.value,
        "EXIT_CODE": "" if record.exit_code is None else str(record.exit_code),
        "REASON": one_line(record.outcome),
    }
    return own | {f"MLOPS_TUI_JOB_{name}": value for name, value in job_variables.items()}


def _problem(words: str, environ: Mapping[str, str], timeout: float) -> str:
    """Run the command; return what went wrong, without its words, which may hold a secret."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the person's own words, never through a shell
            shlex.split(words),
            cwd="/",
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=restore_signals,  # noqa: PLW1509 - there is one thread
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        return f"could not be started: {reason or 'it cannot be read'}."
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return f"was ended after {timeout:g} s."
    return f"failed with exit code {code}." if code else ""
