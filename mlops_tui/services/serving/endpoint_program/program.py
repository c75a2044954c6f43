"""The command line of the endpoint."""

import argparse
import json
import logging
import os
import secrets
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from . import frames

if TYPE_CHECKING:
    from .served_model import ASGI

OWN_PATHS = ("/state", "/metrics", "/ping", "/health")
"""What is asked every few seconds is not worth a line of the log each time."""


def run(words: Sequence[str]) -> int:
    """Serve a model until a signal comes; return the exit code.

    Where this MLflow has no scoring app that can be wrapped, ``mlflow models serve`` takes over.
    """
    if words[:1] == [frames.BEHIND]:
        from .behind import run as run_behind

        return run_behind(words[1:])
    asked = _parser().parse_args(words)
    try:
        import uvicorn as server
        from mlflow.pyfunc.scoring_server import init, load_model_with_mlflow_config
    except ImportError as error:
        print(f"Without figures and capture: {error}.", flush=True)  # noqa: T201 - the log
        _serve_plainly(asked)
        return 1  # not reached
    del server, init, load_model_with_mlflow_config
    endpoint, close = _endpoint(asked)
    logging.getLogger("uvicorn.access").addFilter(_is_worth_a_line)
    answer(endpoint, close, asked.host, asked.port)
    return 0


def _endpoint(asked: argparse.Namespace) -> "tuple[ASGI, Callable[[], None]]":
    """Load what is asked for; return it with what writes what waits at the end."""
    from .capture import Capture, Choice
    from .challenger import Challenger
    from .follow import Follower
    from .history import History
    from .loading import Loader
    from .middleware import Endpoint

    folder = Path(asked.folder)
    token, key = _secret(folder / "token"), _secret(folder / "hash-key")
    choice = Choice().changed(json.loads(asked.capture))
    capture = Capture(folder / "captured", key.encode(), choice)
    print(f"Loading {asked.uri}", flush=True)  # noqa: T201 - the log
    loader = Loader(asked.name, asked.env_manager)
    history = History(asked.name, json.loads(asked.history))
    endpoint = Endpoint(loader.first(asked.uri, asked.version), capture, token, history)
    if asked.challenger:
        wanted = json.loads(asked.challenger)
        rival = loader.rival(wanted["version"])
        endpoint.challenger = Challenger(rival, wanted["mode"], wanted["share"])
    if asked.follow:
        endpoint.follower = Follower(endpoint, loader, *asked.follow.split(":", 1))
        endpoint.follower.start()

    def close() -> None:
        capture.close()
        history.close()

    return endpoint, close


def answer(app: "ASGI", close: Callable[[], None], host: str, port: int) -> None:
    """Answer requests until a signal comes, then ``close`` what waits to be written."""
    import uvicorn

    ends = signal.getsignal(signal.SIGTERM)

    def end(*_: object) -> None:
        # uvicorn raises the signal again when it is done. A thread that hangs is not waited for.
        close()
        signal.signal(signal.SIGTERM, ends)
        signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    try:
        uvicorn.run(app, host=host, port=port, timeout_graceful_shutdown=10)
    finally:
        close()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("endpoint", allow_abbrev=False)
    parser.add_argument("uri", help="of the model, as MLflow writes it")
    parser.add_argument("--name", default="", help="of the registered model")
    parser.add_argument("--version", default="")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", required=True, help="for the token and what is captured")
    parser.add_argument("--capture", default="{}", help="what is captured, as JSON")
    parser.add_argument("--follow", default="", help="alias:NAME or stage:NAME of the model")
    parser.add_argument(
        "--challenger", default="", help="a version, mode (shadow, split) and share, as JSON"
    )
    parser.add_argument(
        "--env-manager",
        choices=("local", "uv", "virtualenv"),
        default="local",
        help="what makes the environment of a version whose packages are not here",
    )
    parser.add_argument("--history", default="null", help="where a swap is recorded, as JSON")
    return parser


def _serve_plainly(asked: argparse.Namespace) -> None:
    command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", asked.uri]
    command += ["-h", asked.host, "-p", str(asked.port), "--env-manager", asked.env_manager]
    os.execv(sys.executable, command)  # noqa: S606 - no shell


def _secret(path: Path) -> str:
    """Return the secret kept in a file, which is made where there is none."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return path.read_text("ascii")
    secret = secrets.token_hex(16)
    with os.fdopen(descriptor, "w") as file:
        file.write(secret)
    return secret


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    """Return whether a request is logged: the third argument of uvicorn's line is its path."""
    match record.args:
        case (_, _, path, *_):
            return path not in OWN_PATHS
    return True
