"""The supervisor as a process: how it is started, how it is asked to end."""

import os
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.files.regular_file import open_descriptor
from mlops_tui.services.processes import log_file, recorded_process

MODULE = "mlops_tui.services.launchers.supervisor"
"""Its name: a supervisor that waits calls itself by it, across upgrades, too."""

FOREGROUND = "--foreground"
"""The word for a supervisor that a scheduler starts: it does not detach itself."""
NOT_STARTED = "Its supervisor did not start"


def command(folder: Path, *words: str) -> list[str]:
    """Return the command that runs the supervisor of a record."""
    return [sys.executable, "-P", "-m", MODULE, str(folder), *words]


def start(folder: Path, environ: Mapping[str, str], *words: str) -> None:
    """Start a supervisor that belongs to nobody, and looks after the process from then on.

    Raise ``ServiceError`` with the reason where none does.
    """
    try:
        with os.fdopen(_log_descriptor(folder), "ab") as log:
            starter = subprocess.run(  # noqa: S603 - our own interpreter and module
                command(folder.absolute(), *words),
                cwd=folder,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                check=False,
            )
    except (OSError, ValueError) as error:
        # The environment is too large or has a null character in it, or the machine is full.
        reason = error.strerror if isinstance(error, OSError) else error
        raise ServiceError(f"{NOT_STARTED}: {reason}.") from error
    if starter.returncode:
        raise ServiceError(f"{NOT_STARTED}: {log_file.last_words(folder / log_file.NAME)}")


def terminate(record: ProcessRecord) -> None:
    """Ask the supervisor by a signal to end. Raise ``ServiceError`` where that is not possible."""
    import psutil

    process = recorded_process.supervisor(record)
    if process is None:
        reason = "its supervisor is not here, or is gone"
    else:
        try:
            # Until it has taken over, the record names whoever starts it.
            if any(word.endswith(".supervisor") for word in process.cmdline()):
                process.terminate()
                return
            reason = "its supervisor is still being started"
        except psutil.Error as error:
            reason = str(error)
    raise ServiceError(f"{record.title} cannot be stopped now: {reason}.", "Try again.")


def _log_descriptor(folder: Path) -> int:
    """Return where a supervisor writes its errors: the log, unless that cannot be written now."""
    with suppress(OSError):
        return open_descriptor(folder / log_file.NAME, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    return os.open(os.devnull, os.O_WRONLY)
