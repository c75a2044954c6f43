"""Asks an endpoint of ours for its figures, and tells it what to do."""

import json
from pathlib import Path

from mlops_tui.domain.errors import Conflict, NotFound, ServiceError, Unreachable
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.serving.endpoint_figures import EndpointFigures, read_figures
from mlops_tui.domain.serving.endpoint_options import CaptureChoice, check_capture
from mlops_tui.domain.serving.model_server import port_of
from mlops_tui.domain.serving.query_result import OK
from mlops_tui.domain.store import Store
from mlops_tui.services import limited_http
from mlops_tui.services.limited_http import Limits, Request, TooLargeError, TooLateError
from mlops_tui.services.models.history import who

PROGRAM = Path(__file__).parent / "endpoint_program"
"""The folder that the model's own Python runs."""

TOKEN = "token"  # noqa: S105 - the name of the file that holds it
TOKEN_LENGTH = 64

GLANCE = Limits(0.5, 1024 * 1024)
"""For figures, which are asked for every few seconds."""

ORDER = Limits(10.0, 1024 * 1024)


def figures(state_dir: Path, record: ProcessRecord) -> EndpointFigures | None:
    """Return an endpoint's figures, None where it has none to tell (now, or at all)."""
    try:
        return read_figures(_ask(state_dir, record, "GET", "/state", limits=GLANCE))
    except ServiceError:
        return None


def capture(state_dir: Path, record: ProcessRecord, choice: CaptureChoice) -> None:
    """Let an endpoint capture other requests from now on. Raises ``ServiceError``."""
    check_capture(choice)
    _ask(state_dir, record, "POST", "/capture", json.loads(choice.as_json()))


def swap_back(store: Store, state_dir: Path, record: ProcessRecord) -> str:
    """Let the version before answer again; return its number. Raises ``ServiceError``.

    The endpoint records it in the history, as done by us.
    """
    told = _ask(state_dir, record, "POST", "/swap-back", {"by": who(store)})
    return str(told.get("version", "")) if isinstance(told, dict) else ""


def add_labels(state_dir: Path, record: ProcessRecord, labels: list[Json]) -> int:
    """Hand labels of earlier requests to an endpoint; return how many. Raises ``ServiceError``."""
    told = _ask(state_dir, record, "POST", "/labels", labels)
    taken = told.get("taken") if isinstance(told, dict) else 0
    return taken if isinstance(taken, int) else 0


def _ask(
    state_dir: Path,
    record: ProcessRecord,
    method: str,
    path: str,
    body: Json = None,
    *,
    limits: Limits = ORDER,
) -> Json:
    import requests

    token = _token(state_dir, record)
    where = f"http://127.0.0.1:{port_of(record)}"
    sent = b"" if body is None else json.dumps(body).encode()
    request = Request(method, where + path, sent, {"Authorization": f"Bearer {token}"})
    try:
        status, content = limited_http.send(request, limits)
    except (requests.RequestException, TooLateError, TooLargeError):
        raise Unreachable(f"The endpoint at {where} does not answer.", "Look at its log.") from None
    try:
        told: Json = json.loads(content)
    except (ValueError, RecursionError):
        told = None
    if status == OK:
        return told
    reason = told.get("error") if isinstance(told, dict) else None
    raise Conflict(str(reason or f"The endpoint refused it with status {status}."))


def _token(state_dir: Path, record: ProcessRecord) -> str:
    path = state_dir / record.kind / record.process_id / TOKEN
    try:
        with path.open(encoding="ascii") as file:
            return file.read(TOKEN_LENGTH)
    except (OSError, UnicodeDecodeError):
        raise NotFound(
            f"{record.title} is served by MLflow alone: it has no figures and captures nothing."
        ) from None
