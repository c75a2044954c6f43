"""A tunnel to a store behind a host that is reached by SSH, kept open while we live."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.tunnel import (
    HERE,
    TunnelClosed,
    ssh_arguments,
    through,
    tunnel_problem,
)
from mlops_tui.services.stores.tunnel_process import ENDED, OPEN

BETWEEN = "mlops_tui.services.stores.tunnel_process"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds until a tunnel that broke is opened again; doubles each time."""
LIMIT = 30.0
"""Seconds for which the first opening is awaited."""

ADVICE = {
    "Host key verification failed": "Log in once by hand, `ssh {}`, and check the key of the host.",
    "Permission denied": "Let ssh-agent have the key: nothing is asked here.",
    "Could not resolve hostname": "Check the host in the config file.",
}
"""What ssh says, with what to do."""


class Tunnel:
    """Runs ssh, and opens the tunnel again whenever it breaks.

    ``store`` has the address of its end here. ``problem`` says why it is closed, None while it is
    open. ``on_change`` is called in a thread whenever that changes.
    """

    def __init__(self, store: Store, on_change: Callable[[], None] = lambda: None) -> None:
        """Begin to open the tunnel; raises ``ServiceError`` where that makes no sense."""
        if problem := tunnel_problem(store):
            raise problem
        self._port = free_port()
        self._command = ssh_command(store, self._port)
        self.store = through(store, self._port)
        self.on_change = on_change
        self.problem: ServiceError | None = TunnelClosed(
            f"The tunnel through {store.ssh} is being opened."
        )
        self._advice = ""
        self._answered = threading.Event()
        self._over = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        threading.Thread(target=self._keep_open, daemon=True).start()

    def wait(self) -> Store:
        """Return the store once it can be reached; raises ``ServiceError`` where it cannot."""
        if not self._answered.wait(LIMIT):
            raise TunnelClosed(f"{self.store.ssh} did not answer in time.", "Try again.")
        if self.problem:
            raise TunnelClosed(self.problem.message, self._advice)
        return self.store

    def close(self) -> None:
        """End ssh for good."""
        self._over.set()
        with self._starting:
            if self._process and self._process.stdin:
                with suppress(OSError):
                    self._process.stdin.close()

    def _keep_open(self) -> None:
        pause = FIRST_PAUSE
        while not self._over.is_set():
            was_open, reason = self._run()
            pause = FIRST_PAUSE if was_open else min(2 * pause, LONGEST_PAUSE)
            self._change(self._broken(reason, pause, was_open=was_open))
            self._over.wait(pause)

    def _run(self) -> tuple[bool, str]:
        """Run ssh until it ends; return whether the tunnel was open, and what ssh said last."""
        with self._starting:
            if self._over.is_set():
                return False, ""
            self._process = process = subprocess.Popen(  # noqa: S603 - our interpreter and module
                [sys.executable, "-P", "-m", BETWEEN, str(self._port), *self._command],
                env=ssh_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        was_open, reason = False, ""
        with process:
            for line in process.stdout or ():
                word, _, words = line.decode("utf-8", "replace").rstrip("\n").partition("\t")
                if word == OPEN:
                    was_open = True
                    self._change(None)
                elif word == ENDED:
                    reason = words
        return was_open, reason

    def _broken(self, reason: str, pause: float, *, was_open: bool) -> TunnelClosed:
        host = self.store.ssh
        what = f"The tunnel through {host} {'broke' if was_open else 'cannot be opened'}"
        why = f": {one_line(reason, 200).rstrip('.')}" if reason else ""
        again = f"It is opened again in {pause:g} s."
        advice = next((words for sign, words in ADVICE.items() if sign in reason), "")
        self._advice = advice.format(host)
        return TunnelClosed(f"{what}{why}.", f"{self._advice} {again}".strip())

    def _change(self, problem: ServiceError | None) -> None:
        if self._over.is_set():
            return
        self.problem = problem
        self._answered.set()
        self.on_change()


def ssh_command(store: Store, port: int) -> list[str]:
    """Return the command that opens a tunnel; raises ``TunnelClosed`` where there is no ssh."""
    ssh = shutil.which("ssh")
    if ssh is None:
        raise TunnelClosed(
            f"{store.title} is reached through {store.ssh}, and there is no ssh here.",
            "Install OpenSSH's client.",
        )
    return [ssh, *ssh_arguments(store, port)]


@contextmanager
def reached(store: Store) -> Iterator[Store]:
    """Open the tunnel that a store needs for a while; most need none."""
    if not store.ssh or store.far_uri:
        yield store
        return
    tunnel = Tunnel(store)
    try:
        yield tunnel.wait()
    finally:
        tunnel.close()


def ssh_environment() -> dict[str, str]:
    """Return our environment without what is none of ssh's business."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as listener:
        listener.bind((HERE, 0))
        return int(listener.getsockname()[1])
