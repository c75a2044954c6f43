"""Questions to a served model."""

import json
from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mlops_tui.domain.artifacts.json_text import Json
from mlops_tui.domain.errors import InvalidInput, ServiceError, Unreachable
from mlops_tui.domain.serving.query_result import OK, QueryResult, shortened
from mlops_tui.domain.store import redact

if TYPE_CHECKING:
    from requests import Response, Session

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes after which an answer is no longer read: a model does not stop by itself."""

KEPT_TEXT = 128 * 1024
"""Characters of an answer's text that are handed on."""

CHUNK = 256 * 1024


def ping(url: str, timeout: float = 1.0) -> bool:
    """Return whether a model server answers there that it is ready."""
    import requests

    try:
        with _session().get(
            _address(url, "ping"), timeout=timeout, allow_redirects=False, stream=True
        ) as answer:
            return answer.status_code == OK
    except requests.RequestException:
        return False


def query(url: str, body: str, *, timeout: float = 60.0, hint: str = "") -> QueryResult:
    """Send the JSON text to a served model, return its answer whatever the status.

    ``hint`` says how to start the server; it is shown when nothing answers.
    """
    import requests

    address = _address(url, "invocations")
    # Half of a surrogate pair cannot be sent as it is; this writes JSON's own escape for it.
    sent = body.encode("utf-8", errors="backslashreplace")
    started = perf_counter()
    try:
        with _session().post(
            address,
            data=sent,
            headers={"Content-Type": "application/json"},
            timeout=timeout,
            allow_redirects=False,
            stream=True,
        ) as answer:
            content = _read(answer)
            latency = (perf_counter() - started) * 1000
            return _result(answer.status_code, latency, content)
    except requests.RequestException as error:
        raise _failure(error, url, timeout, hint) from None


@cache
def _session() -> "Session":
    """Return the process's own connections, kept open; proxies and netrc do not intervene."""
    import requests

    session = requests.Session()
    session.trust_env = False
    return session


def _address(url: str, path: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise InvalidInput(
            f"{redact(url)!r} is no address of a model server.", "Write it as http://HOST:PORT."
        )
    return f"{url.rstrip('/')}/{path}"


def _read(answer: "Response") -> bytes:
    content = bytearray()
    for chunk in answer.iter_content(CHUNK):
        content += chunk
        if len(content) > LARGEST_ANSWER:
            raise ServiceError(
                f"The answer is larger than {LARGEST_ANSWER // 1024**2} MiB.", "Send fewer rows."
            )
    return bytes(content)


def _result(status: int, latency: float, content: bytes) -> QueryResult:
    text = content.decode("utf-8", errors="replace")
    predictions = _predictions(text) if status == OK else None
    return QueryResult(status, latency, predictions, shortened(text, KEPT_TEXT), len(content))


def _predictions(text: str) -> Json:
    try:
        answer: Json = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return answer.get("predictions", answer) if isinstance(answer, dict) else answer


def _failure(error: Exception, url: str, timeout: float, hint: str) -> ServiceError:
    import requests

    server = redact(url.rstrip("/"))
    if isinstance(error, requests.ReadTimeout):
        return Unreachable(f"{server} did not answer within {timeout:g} seconds.")
    if isinstance(error, requests.ConnectTimeout) or _never_connected(error):
        return Unreachable(f"Nothing answers at {server}.", hint)
    if isinstance(error, requests.exceptions.InvalidURL):
        return InvalidInput(f"{server!r} is no address of a model server.")
    return Unreachable(f"{server} broke the connection before it had answered.", "See its log.")


def _never_connected(error: Exception) -> bool:
    """Return whether urllib3 gave up before it had a connection, as for a refused one."""
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
