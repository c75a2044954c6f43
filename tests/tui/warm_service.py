"""Service processes that need not import MLflow each: they are forked from one that has.

They are real processes, only younger: a test of how the service process begins or dies takes the
real ``ServiceProcess``.
"""

import os
import socket
from functools import cache
from multiprocessing import forkserver
from multiprocessing.context import ForkServerProcess
from pathlib import Path

import pytest

from mlops_tui.services.worker.channel import Channel, UnreadableError
from mlops_tui.services.worker.service_process import ServiceProcess
from mlops_tui.services.worker.service_worker import Worker
from tests.detached import MARK

PRELOADED = [
    "mlflow.tracking.client",
    "mlops_tui.services.worker.service_worker",
    "tests.quick_mlflow",
]


class ForkedProcess(ForkServerProcess):
    """What ``ServiceProcess`` expects of a child."""

    @property
    def pid(self) -> int:
        assert self.ident
        return self.ident

    def wait(self, timeout: float | None = None) -> None:
        self.join(timeout)


class WarmServiceProcess(ServiceProcess):
    """A service process that is ready at once."""

    def _spawn(self, number: int) -> ForkedProcess:
        _start_fork_server()
        with socket.socket(fileno=os.dup(number)) as theirs:
            child = ForkedProcess(
                target=_serve,
                args=(theirs, self.log_path, dict(os.environ), Path.cwd()),
                daemon=True,
            )
            child.start()
        return child


@cache
def _start_fork_server() -> None:
    forkserver.set_forkserver_preload(PRELOADED)
    with pytest.MonkeyPatch.context() as patch:
        # It outlives the test that happens to come first, unmeasured.
        for name in [MARK, *(name for name in os.environ if name.startswith("COVERAGE"))]:
            patch.delenv(name, raising=False)
        forkserver.ensure_running()


def _serve(theirs: socket.socket, log_path: Path, environ: dict[str, str], cwd: Path) -> None:
    os.setsid()
    log_path.parent.mkdir(parents=True, exist_ok=True)
    os.environ.clear()
    os.environ.update(environ)
    os.chdir(cwd)
    with log_path.open("ab") as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    try:
        Worker(Channel(theirs.detach()), log_path).serve()
    except (EOFError, OSError, UnreadableError):
        os._exit(0)
