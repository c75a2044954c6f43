"""A real MLflow server, which can go away and come back."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import pytest
import requests

from mlops_tui.domain.store import Store
from tests.patience import PATIENCE
from tests.ports import free_port

ENVIRONMENT = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}


class MlflowServer:
    """Runs on one port with one database, whenever it runs.

    ``database`` is a file to be copied, or the address of a database that is there; ``options``
    are more words for the command, ``environment`` more variables.
    """

    def __init__(
        self,
        folder: Path,
        database: Path | str,
        options: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        uri = database
        if isinstance(database, Path):
            shutil.copyfile(database, folder / "mlflow.db")
            uri = f"sqlite:///{folder / 'mlflow.db'}"
        port = free_port()
        self._environment = dict(environment or {})
        self._folder = folder
        self._command = [
            *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "1", "--backend-store-uri", str(uri)),
            *("--artifacts-destination", str(folder / "artifacts")),
            *options,
        ]
        self.store = Store(f"http://127.0.0.1:{port}")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._signal(signal.SIGTERM)
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def start(self) -> None:
        """Return when it answers."""
        with (self._folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env={
                    "PATH": os.environ["PATH"],
                    "HOME": str(self._folder),
                    **ENVIRONMENT,
                    **self._environment,
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._process.poll() is None:
            with suppress(requests.RequestException):
                if requests.get(f"{self.store.tracking_uri}/health", timeout=2).ok:
                    return
            time.sleep(0.2)
        self.kill()
        said = (self._folder / "server.log").read_text()[-2000:]
        pytest.fail(f"the MLflow server did not start:\n{said}")

    def kill(self) -> None:
        """End it at once with all it has started."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


@contextmanager
def guarded_server(folder: Path, database: Path) -> Iterator[MlflowServer]:
    """Run a server that asks for a login; its users may read only."""
    settings = folder / "auth.ini"
    settings.write_text(
        "[mlflow]\ndefault_permission = READ\nadmin_username = root\n"
        f"admin_password = rootpassword12\ndatabase_uri = sqlite:///{folder}/auth.db\n"
        "authorization_function = mlflow.server.auth:authenticate_request_basic_auth\n"
    )
    environment = {
        "MLFLOW_AUTH_CONFIG_PATH": str(settings),
        "MLFLOW_FLASK_SERVER_SECRET_KEY": "made up",
    }
    options = ("--app-name", "basic-auth")
    with MlflowServer(folder, database, options, environment) as server:
        yield server
