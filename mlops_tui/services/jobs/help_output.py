"""What a program prints when it is asked with ``--help``."""

import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading.help_text import LONGEST, as_read, read_help
from mlops_tui.domain.jobs.launchable import Launchable, TargetKind
from mlops_tui.domain.plain_text import lines, one_line
from mlops_tui.services.calls import LONG, is_kept, may_take
from mlops_tui.services.jobs.launchables import with_chosen
from mlops_tui.services.jobs.python_env import cannot_start
from mlops_tui.services.processes import child_environment

TIMEOUT = 20.0
"""Seconds; a program that imports a deep learning library takes several to answer."""

DEEPEST = 3
"""Sub-commands of sub-commands that are asked."""

_answers: dict[tuple[object, ...], Launchable] = {}
_asked: set["subprocess.Popen[bytes]"] = set()
_lock = threading.Lock()


@may_take(LONG)
def ask_help(launchable: Launchable, timeout: float = TIMEOUT) -> Launchable:
    """Run the program with ``--help``; return it with the arguments that it names.

    Of sub-commands the one that is meant, else the first, is asked in its turn. A program that does
    not know the word may begin to train: it is ended after ``timeout``, and MLflow's store is one
    that is thrown away.
    """
    line, wanted = _told(launchable, (), timeout), launchable.target.entry_point.split()
    line, command = _with_inner(launchable, line, wanted, (), timeout)
    chosen = replace(launchable.target, entry_point=" ".join(command))
    found = with_chosen(replace(launchable, target=chosen, line=line))
    found = replace(found, line=as_read(found.line, launchable.line))
    with _lock:
        _answers[_key(found)] = found
    return found


def complete(launchable: Launchable, names: Iterable[str]) -> Launchable:
    """Return it asked with ``--help`` where it may take more, some of these parameters perhaps."""
    is_known = launchable.line.source and not launchable.line.has_more
    return launchable if is_known else naming(launchable, names)


def naming(launchable: Launchable, names: Iterable[str]) -> Launchable:
    """Return it asked with ``--help`` where its text does not name all of these parameters."""
    if all(name in {each.name for each in launchable.line.parameters} for name in names):
        return launchable
    if launchable.target.kind not in (TargetKind.SCRIPT, TargetKind.MODULE):
        return launchable
    with _lock:
        known = _answers.get(_key(launchable))
    return replace(known, has_slurm=launchable.has_slurm) if known else ask_help(launchable)


def _key(launchable: Launchable) -> tuple[object, ...]:
    """Return what an answer holds for: a program as its text is now."""
    path = Path(launchable.prefix[0])
    changed = path.stat().st_mtime_ns if path.exists() else 0
    return launchable.target, launchable.python, launchable.directory, changed


def _with_inner(
    launchable: Launchable,
    line: CommandLine,
    wanted: Sequence[str],
    above: tuple[str, ...],
    timeout: float,
) -> tuple[CommandLine, tuple[str, ...]]:
    """Return the arguments with those of a sub-command, then the words for that."""
    if not line.commands or len(above) >= DEEPEST:
        return line, above
    name = wanted[0] if wanted and wanted[0] in line.commands else next(iter(line.commands))
    words = (*above, name)
    inner = _told(launchable, words, timeout)
    inner, words = _with_inner(launchable, inner, wanted[1:], words, timeout)
    return replace(line, commands={**line.commands, name: inner}), words


def _told(launchable: Launchable, command: tuple[str, ...], timeout: float) -> CommandLine:
    """Return what the program, or one of its sub-commands, answers."""
    with tempfile.TemporaryDirectory() as folder:
        printed, ended = _run(launchable, command, Path(folder), timeout)
    found = read_help(printed)
    if found.source or (command and ended):
        return found
    last = next((line for line in reversed(lines(printed[-2000:])) if line.strip()), "nothing")
    words = f"It said: {one_line(last.strip(), 200)}"
    if not ended:
        raise ServiceError(f"It did not answer --help within {timeout:g} s, and was ended.", words)
    raise ServiceError("Its answer to --help names no options.", words)


@is_kept
def stop_asking() -> None:
    """End the programs that are being asked now."""
    with _lock:
        for process in _asked:
            _kill(process)


def _run(
    launchable: Launchable, command: tuple[str, ...], folder: Path, timeout: float
) -> tuple[str, bool]:
    """Return the beginning of what the program prints, then whether it ended by itself."""
    store = f"sqlite:///{folder}/mlflow.db"
    environ = child_environment.inherited() | {"MLFLOW_TRACKING_URI": store, "COLUMNS": "120"}
    path = folder / "output"
    try:
        with path.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - the program that the person asked about
                [launchable.python, *launchable.prefix, *command, "--help"],
                cwd=launchable.directory,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
    except OSError as error:
        raise ServiceError(cannot_start(launchable.python, error)) from None
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
