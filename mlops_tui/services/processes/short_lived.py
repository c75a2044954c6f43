"""A program that is started for a look: ``python -m`` this module, with folder, seconds, command.

What it prints goes to ``output`` in the folder. It ends with all that it has started after so many
seconds, when our input is closed (its asker is gone, or wants no more), or with us. The last line
of our output says what became of it.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mlops_tui.services.processes import process_tree

OUTPUT = "output"
ENDED, LATE, REFUSED = "ended", "late", "refused"
POLL = 0.05
"""Seconds between two looks at the program."""
PR_SET_PDEATHSIG = 1
"""From ``linux/prctl.h``."""


def main(folder: Path, seconds: float, command: Sequence[str]) -> None:
    """Run the command within the limits; write what became of it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    process_tree.adopt_orphans()
    with (folder / OUTPUT).open("wb") as output:
        try:
            program = subprocess.Popen(  # noqa: S603 - the program that the person asked about
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_dying_with(os.getpid()),  # noqa: PLW1509 - there is one thread
            )
        except OSError as error:
            sys.stdout.write(f"{REFUSED} {error.errno}")
            return
    is_wanted = True
    try:
        end = time.monotonic() + seconds
        while program.poll() is None and time.monotonic() < end and is_wanted:
            is_wanted = not select.select([0], [], [], POLL)[0]
    finally:
        became = LATE if program.poll() is None else ENDED
        _end(program)
        if not is_wanted:
            import shutil

            shutil.rmtree(folder, ignore_errors=True)
    sys.stdout.write(became)


def _end(program: "subprocess.Popen[bytes]") -> None:
    """Kill the program with what it has started, in sessions of their own too."""
    import psutil

    try:
        leader = psutil.Process(program.pid)
    except psutil.Error:
        leader = None
    process_tree.end(leader, 0.0, program.poll)


def _dying_with(parent: int) -> Callable[[], None] | None:
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
    main(Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3:])
