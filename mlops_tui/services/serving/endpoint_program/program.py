"""The command line of the endpoint."""

import argparse
import json
import logging
import os
import secrets
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .capture import Capture
    from .served_model import ASGI

OWN_PATHS = ("/state", "/metrics", "/ping", "/health")
"""What is asked every few seconds is not worth a line of the log each time."""


def run(words: Sequence[str]) -> int:
    """Serve a model until a signal comes; return the exit code.

    Where this MLflow has no scoring app that can be wrapped, ``mlflow models serve`` takes over.
    """
    asked = _parser().parse_args(words)
    try:
        import uvicorn as server
        from mlflow.pyfunc.scoring_server import init, load_model_with_mlflow_config
    except ImportError as error:
        print(f"Without figures and capture: {error}.", flush=True)  # noqa: T201 - the log
        _serve_plainly(asked)
        return 1  # not reached
    del server, init, load_model_with_mlflow_config
    from .capture import Capture, Choice
    from .challenger import Challenger
    from .follow import Follower
    from .middleware import Endpoint
    from .served_model import load

    folder = Path(asked.folder)
    token, key = _secret(folder / "token"), _secret(folder / "hash-key")
    choice = Choice().changed(json.loads(asked.capture))
    capture = Capture(folder / "captured", key.encode(), choice)
    print(f"Loading {asked.uri}", flush=True)  # noqa: T201 - the log
    endpoint = Endpoint(load(asked.uri, asked.name, asked.version), capture, token)
    if asked.challenger:
        wanted = json.loads(asked.challenger)
        rival = load(f"models:/{asked.name}/{wanted['version']}", asked.name, wanted["version"])
        endpoint.challenger = Challenger(rival, wanted["mode"], wanted["share"])
    if asked.follow:
        endpoint.follower = Follower(endpoint, *asked.follow.split(":", 1))
        endpoint.follower.start()
    logging.getLogger("uvicorn.access").addFilter(_is_worth_a_line)
    answer(endpoint, capture, asked.host, asked.port)
    return 0


def answer(app: "ASGI", capture: "Capture", host: str, port: int) -> None:
    """Answer requests until a signal comes, then write what waits for the disk."""
    import uvicorn

    ends = signal.getsignal(signal.SIGTERM)

    def end(*_: object) -> None:
        # uvicorn raises the signal again when it is done. A thread that hangs is not waited for.
        capture.close()
        signal.signal(signal.SIGTERM, ends)
        signal.raise_signal(signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    try:
        uvicorn.run(app, host=host, port=port, timeout_graceful_shutdown=10)
    finally:
        capture.close()


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
    return parser


def _serve_plainly(asked: argparse.Namespace) -> None:
    command = [sys.executable, "-m", "mlflow", "models", "serve", "-m", asked.uri]
    command += ["-h", asked.host, "-p", str(asked.port), "--env-manager", "local"]
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
