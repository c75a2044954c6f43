"""What a program prints when it is asked with ``--help``."""

import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading.help_text import LONGEST, as_read, read_help
from mlops_tui.domain.jobs.launchable import Launchable, TargetKind
from mlops_tui.domain.jobs.sub_command import preselected
from mlops_tui.domain.plain_text import lines, one_line
from mlops_tui.services.files.regular_file import open_to_read
from mlops_tui.services.jobs.launchables import with_chosen
from mlops_tui.services.jobs.python_env import cannot_start
from mlops_tui.services.processes import child_environment, short_lived
from mlops_tui.services.worker.calls import LONG, is_kept, may_take

TIMEOUT = 20.0
"""Seconds; a program that imports a deep learning library takes several to answer."""

PATIENCE = 10.0
"""Seconds more in which what ends a program has to be done."""

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
    told = next(iter(wanted or preselected(line).split()), "")
    name = told if told in line.commands else ""
    if not name:
        return line, above
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
            _end(process)


def _run(
    launchable: Launchable, command: tuple[str, ...], folder: Path, timeout: float
) -> tuple[str, bool]:
    """Return the beginning of what the program prints, then whether it ended by itself.

    It stands below a process that ends it when we are gone, or it takes too long.
    """
    store = f"sqlite:///{folder}/mlflow.db"
    environ = child_environment.inherited() | {"MLFLOW_TRACKING_URI": store, "COLUMNS": "120"}
    program = [launchable.python, *launchable.prefix, *command, "--help"]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", short_lived.__name__, folder, str(timeout), *program],
        cwd=launchable.directory,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    became = _became(process, timeout + PATIENCE)
    if became.startswith(short_lived.REFUSED):
        number = int(became.removeprefix(short_lived.REFUSED))
        error = OSError(number, os.strerror(number))
        raise ServiceError(cannot_start(launchable.python, error))
    try:
        with open_to_read(folder / short_lived.OUTPUT) as output:
            text = output.read(LONGEST).decode("utf-8", "replace")
    except OSError:
        text = ""  # nobody wants it any more
    return text, became == short_lived.ENDED


def _became(process: "subprocess.Popen[bytes]", timeout: float) -> str:
    """Return what became of the program, empty where that is not known."""
    with _lock:
        _asked.add(process)
    try:
        process.wait(timeout)
        return process.stdout.read().decode().strip() if process.stdout else ""
    except subprocess.TimeoutExpired:
        return ""
    finally:
        with _lock:
            _asked.discard(process)
            _end(process)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # It is suspended: the kernel ends the program with it.
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Let the process end the program, with itself."""
    if process.stdin:
        process.stdin.close()
