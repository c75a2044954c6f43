"""The tunnel of a job or model server to its store: it lives as long, whoever has launched that.

``python -m`` this module with the folder of the job's record, a port, and ssh with its words.
"""

import select
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.tunnel import TunnelClosed, through
from mlops_tui.services.processes import records
from mlops_tui.services.stores.tunnel import (
    FIRST_PAUSE,
    LIMIT,
    LONGEST_PAUSE,
    free_port,
    ssh_command,
    ssh_environment,
)
from mlops_tui.services.stores.tunnel_process import OPEN, run_ssh

BEFORE, AFTER = 60.0, 5.0
"""Seconds without a job that is underway after which the tunnel ends, before there was one and
after: its runs may be about to be settled."""
LOOK = 2.0
"""Seconds between two looks at the job."""


def start(store: Store, folder: Path, *, is_local: bool = True) -> Store:
    """Return the store as the job of a folder reaches it, also when we are gone.

    Raises ``ServiceError`` where the tunnel cannot be opened, or the job is to run elsewhere.
    """
    if not store.ssh:
        return store
    if not is_local:
        raise Conflict(
            f"{store.title} is reached through a tunnel of this machine, where other nodes find no "
            "store.",
            "Launch it here, or on a store that they reach.",
        )
    port = free_port()
    command = [sys.executable, "-P", "-m", __name__, str(folder.absolute()), str(port)]
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [*command, *ssh_command(store, port)],
        env=ssh_environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    said = ""
    if process.stdout:
        with process.stdout as answer:
            if select.select([answer], [], [], LIMIT)[0]:
                said = answer.readline().decode("utf-8", "replace").strip()
    if said == OPEN:
        return through(store, port)
    process.terminate()
    process.wait()
    reason = f": {said.rstrip('.')}" if said else ""
    raise TunnelClosed(f"No tunnel through {store.ssh} can be opened for it{reason}.")


class JobEnd:
    """Tells when a job needs its store no more."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._needed = self._looked = time.monotonic()
        self._grace = BEFORE

    def __call__(self, seconds: float) -> bool:
        """Return whether the job is over, after as many seconds."""
        time.sleep(seconds)
        now = time.monotonic()
        if now - self._looked >= LOOK:
            self._looked = now
            record = records.read(self._folder)
            if record is not None and record.is_underway:
                self._needed, self._grace = now, AFTER
        return now - self._needed > self._grace


def main(folder: Path, port: int, command: Sequence[str]) -> None:
    """Keep the tunnel open until the job is over; the first failure ends us."""
    is_over = JobEnd(folder)
    was_open = False

    def tell() -> None:
        nonlocal was_open
        if not was_open:
            _say(OPEN)
        was_open = True

    pause = FIRST_PAUSE
    while not is_over(0):
        began = time.monotonic()
        reason = run_ssh(command, port, is_over, tell)
        if not was_open:
            _say(reason)
            return
        pause = min(2 * pause, LONGEST_PAUSE)
        if time.monotonic() - began > LONGEST_PAUSE:
            pause = FIRST_PAUSE
        time.sleep(pause)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
