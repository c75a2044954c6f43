"""A supervisor that waits for a slot, in little memory: a script that imports nothing of ours.

The supervisor becomes this process, which becomes the supervisor again when it is time for a look;
its pid, its environment and what else it was given stay the same. One of those that wait holds a
lock, and watches the queue for all; the others wait until it calls them.
"""

import fcntl
import os
import signal
import sys
import time

POLL = 0.1
"""Seconds between two looks at the signs."""
LOOK = 10.0
"""Seconds after which who watches looks although nobody has shown a change."""
ALONE = 120.0
"""Seconds after which the others look, too: who watches may be suspended."""
CALL = "turn"
"""The file beside a job's record by which its supervisor is called."""
WATCH = "queue.watch"
SIGN = "queue.changed"
STOP = "stop"


def main(folder: str, seen: str, watch: str, *command: str) -> None:
    """Wait, then become the command; ``watch`` is the descriptor of the lock, if it is ours."""
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: asked.append(number))
    state_dir = os.path.dirname(os.path.dirname(folder))  # noqa: PTH120 - pathlib takes memory
    lock, begun = int(watch), time.monotonic()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    while True:
        time.sleep(POLL)
        waited = time.monotonic() - begun
        was_mine = lock >= 0
        lock = lock if was_mine else _lock(state_dir)
        has_changed = lock >= 0 and (not was_mine or _changed(state_dir) != int(seen))
        is_time = waited > (LOOK if lock >= 0 else ALONE)
        if asked or has_changed or is_time or _is_called(folder):
            _become([*command, f"--waited={lock}", *(["--stop"] if asked else [])])
            begun = time.monotonic()


def _is_called(folder: str) -> bool:
    """Return whether its turn may have come, or it shall end, or its record is gone."""
    signs = (os.path.lexists(f"{folder}/{name}") for name in (CALL, STOP))
    return any(signs) or _is_removed(folder)


def _is_removed(folder: str) -> bool:
    """Return whether the record is gone; a file system that is away may come back."""
    try:
        os.stat(f"{folder}/record.json")  # noqa: PTH116 - pathlib takes memory
    except FileNotFoundError:
        return os.path.lexists(os.path.dirname(folder))  # noqa: PTH120 - the same
    except OSError:
        return False
    return False


def _changed(state_dir: str) -> int:
    try:
        return os.stat(f"{state_dir}/{SIGN}").st_mtime_ns  # noqa: PTH116 - pathlib takes memory
    except OSError:
        return 0


def _lock(state_dir: str) -> int:
    """Return the descriptor of the lock, negative where another one holds it."""
    try:
        flags = os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW
        descriptor = os.open(f"{state_dir}/{WATCH}", flags, 0o600)
    except OSError:
        return -1
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return -1
    os.set_inheritable(descriptor, True)  # noqa: FBT003 - it takes no keyword
    return descriptor


def _become(command: list[str]) -> None:
    """Become the command; return where that is not possible now."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        os.execv(command[0], command)  # noqa: S606 - our own interpreter and module
    except OSError:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


if __name__ == "__main__":
    main(*sys.argv[1:])
