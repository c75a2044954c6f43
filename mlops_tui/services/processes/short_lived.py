"""Run a foreign program for a short while, within limits of time and output.

A process of ours stands between: ``python -m`` this module, with folder, seconds, bytes, command.
What the program prints goes to ``output`` in the folder. It ends with all that it has started when
its time is over or it has printed too much, when our input is closed (its asker is gone, or wants
no more), or with us. The last line of our output says what became of it.
"""

import os
import select
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mlops_tui.services.files.regular_file import open_to_read
from mlops_tui.services.processes import process_tree

if TYPE_CHECKING:
    import psutil

OUTPUT = "output"
MOST_OUTPUT = 1_000_000
"""Bytes that a program may print."""
PATIENCE = 10.0
"""Seconds more in which what ends a program has to be done."""
POLL = 0.05
"""Seconds between two looks at the program."""
BLOCK = 65_536
"""Bytes that are read at a time."""
PR_SET_PDEATHSIG = 1
"""From ``linux/prctl.h``."""


class End(StrEnum):
    """What became of a program."""

    BY_ITSELF = "by itself"
    LATE = "late"
    """It was ended: its time was over."""
    TOO_MUCH = "too much"
    """It was ended: it printed more than it may."""
    REFUSED = "refused"
    """It could not be started."""
    UNKNOWN = "unknown"
    """Nobody wanted it any more, or what stood between has died."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a program did."""

    end: End
    output: str = ""
    """The beginning of what it printed, errors among it."""
    exit_code: int | None = None
    """Of one that has ended by itself."""


_can_be_given_up: set["subprocess.Popen[bytes]"] = set()
_lock = threading.Lock()


def run(
    command: Sequence[str],
    environ: Mapping[str, str],
    seconds: float,
    *,
    directory: Path = Path("/"),
    most: int = MOST_OUTPUT,
    can_be_given_up: bool = False,
) -> Result:
    """Run the command, then end it with all that it has started; return what it did.

    ``give_up`` ends one that ``can_be_given_up``, and no other.
    MLflow's store is one that is thrown away. Raises ``OSError`` where it cannot be started.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        between = [sys.executable, "-P", "-m", __name__, name, str(seconds), str(most)]
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [*between, *command],
            cwd=directory,
            env={**environ, "MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        words, _, number = _last_words(
            process, seconds + PATIENCE, can_be_given_up=can_be_given_up
        ).partition("\t")
        end = End(words) if words in set(End) else End.UNKNOWN
        if end is End.REFUSED:
            raise OSError(int(number), os.strerror(int(number)))
        try:
            with open_to_read(folder / OUTPUT) as output:
                text = output.read(most).decode("utf-8", "replace")
        except OSError:
            text = ""  # nobody wants it any more
        return Result(end, text, int(number) if end is End.BY_ITSELF else None)


def give_up() -> None:
    """End the programs that run now and can be given up."""
    with _lock:
        for process in _can_be_given_up:
            _let_end(process)


def _last_words(
    process: "subprocess.Popen[bytes]", timeout: float, *, can_be_given_up: bool = False
) -> str:
    """Return what the process between says at its end, empty where it does not."""
    if can_be_given_up:
        with _lock:
            _can_be_given_up.add(process)
    try:
        process.wait(timeout)
        return process.stdout.read().decode().strip() if process.stdout else ""
    except subprocess.TimeoutExpired:
        return ""
    finally:
        with _lock:
            _can_be_given_up.discard(process)
            _let_end(process)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            # It is suspended: the kernel ends the program with it.
            process.kill()
            process.wait()
        if process.stdout:
            process.stdout.close()


def _let_end(process: "subprocess.Popen[bytes]") -> None:
    """Let the process between end the program, with itself."""
    if process.stdin:
        process.stdin.close()


def main(folder: Path, seconds: float, most: int, command: Sequence[str]) -> None:
    """Run the command within the limits; write what became of it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    process_tree.adopt_orphans()
    try:
        program = subprocess.Popen(  # noqa: S603 - the program that the person asked about
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=dying_with(os.getpid()),  # noqa: PLW1509 - there is one thread
        )
    except OSError as error:
        sys.stdout.write(f"{End.REFUSED}\t{error.errno}")
        return
    # Before it is waited for: its pid may belong to another process after that.
    leader = _handle(program.pid)
    end = End.UNKNOWN
    try:
        with (folder / OUTPUT).open("wb") as output:
            end = _follow(program, output, seconds, most)
    finally:
        # What it has started may be in sessions of their own.
        process_tree.end(leader, 0.0, program.poll)
        if end is End.UNKNOWN:
            import shutil

            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(f"{end}\t{program.returncode}")


def _follow(program: "subprocess.Popen[bytes]", output: BinaryIO, seconds: float, most: int) -> End:
    """Write what the program prints until it ends, or has to; return why."""
    pipe = program.stdout.fileno() if program.stdout else -1
    watched, left = [0, pipe], most
    until = time.monotonic() + seconds
    while left >= 0:
        # Asked before the look: what it printed until then is seen by this look, or a later one.
        has_ended = program.poll() is not None
        ready = select.select(watched, [], [], 0 if has_ended else POLL)[0]
        if 0 in ready:
            return End.UNKNOWN
        if pipe in ready:
            block = os.read(pipe, BLOCK)
            output.write(block[: max(left, 0)])
            left -= len(block)
            if not block:
                watched.remove(pipe)
        elif has_ended:
            return End.BY_ITSELF
        if time.monotonic() > until:
            return End.LATE
    return End.TOO_MUCH


def _handle(pid: int) -> "psutil.Process | None":
    import psutil

    try:
        return psutil.Process(pid)
    except psutil.Error:
        return None


def dying_with(parent: int) -> Callable[[], None] | None:
    """Return what makes the program end with us, even where we are killed (Linux only)."""
    if sys.platform != "linux":
        return None
    import ctypes

    libc = ctypes.CDLL(None)

    def prepare() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
