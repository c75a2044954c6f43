"""What a program prints when it is asked with ``--help``."""

import os
import signal
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.argument import CommandLine
from mlops_tui.domain.cli_reading.help_text import LONGEST, read_help
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.launchable import Launchable
from mlops_tui.domain.plain_text import lines, one_line
from mlops_tui.services import child_environment

TIMEOUT = 20.0
"""Seconds; a program that imports a deep learning library takes several to answer."""

_asked: set["subprocess.Popen[bytes]"] = set()
_lock = threading.Lock()


def ask_help(launchable: Launchable, timeout: float = TIMEOUT) -> CommandLine:
    """Run the program with ``--help``; return the arguments that it names.

    A program that does not know the word may begin to train: it is ended after ``timeout``, and
    MLflow's store is one that is thrown away.
    """
    with tempfile.TemporaryDirectory() as folder:
        printed, ended = _run(launchable, Path(folder), timeout)
    found = read_help(printed)
    if found.arguments:
        return found
    last = next((line for line in reversed(lines(printed[-2000:])) if line.strip()), "nothing")
    words = f"It said: {one_line(last.strip(), 200)}"
    if not ended:
        raise ServiceError(f"It did not answer --help within {timeout:g} s, and was ended.", words)
    raise ServiceError("Its answer to --help names no options.", words)


def stop_asking() -> None:
    """End the programs that are being asked now."""
    with _lock:
        for process in _asked:
            _kill(process)


def _run(launchable: Launchable, folder: Path, timeout: float) -> tuple[str, bool]:
    """Return the beginning of what the program prints, then whether it ended by itself."""
    store = f"sqlite:///{folder}/mlflow.db"
    environ = child_environment.inherited() | {"MLFLOW_TRACKING_URI": store, "COLUMNS": "120"}
    path = folder / "output"
    try:
        with path.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - the program that the person asked about
                [launchable.python, *launchable.prefix, "--help"],
                cwd=launchable.directory,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        raise ServiceError(f"{launchable.python} cannot be started: {error.strerror}.") from None
    ended = _wait(process, timeout)
    with path.open("rb") as output:
        return output.read(LONGEST).decode("utf-8", "replace"), ended


def _wait(process: "subprocess.Popen[bytes]", timeout: float) -> bool:
    with _lock:
        _asked.add(process)
    try:
        process.wait(timeout)
    except subprocess.TimeoutExpired:
        return False
    else:
        return True
    finally:
        _kill(process)
        process.wait()
        with _lock:
            _asked.discard(process)


def _kill(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
