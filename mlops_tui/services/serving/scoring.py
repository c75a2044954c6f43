"""Requests to a served model."""

import json
from dataclasses import replace
from time import perf_counter

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput, ServiceError, Unreachable
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.serving.protocol import Protocol, read_address
from mlops_tui.domain.serving.query_result import OK, QueryResult, shortened
from mlops_tui.domain.serving.wire_request import predictions_of, wire_request
from mlops_tui.domain.store import redact
from mlops_tui.services import limited_http
from mlops_tui.services.limited_http import Limits, Request, TooLargeError, TooLateError
from mlops_tui.services.serving import request_file
from mlops_tui.services.worker.calls import may_take

LIMIT = 60.0
"""Seconds for a whole answer."""

LARGEST_ANSWER = 64 * 1024 * 1024
"""Bytes after which an answer is no longer read: a model does not stop by itself."""

KEPT_TEXT = 128 * 1024
"""Characters of an answer's text that are handed on."""

CHUNK = 64 * 1024

PING = Limits(1.0, 64 * 1024)
METADATA = Limits(5.0, 1024 * 1024)


def ping(url: str, timeout: float = PING.seconds) -> bool:
    """Return whether a model server answers there that it is ready."""
    import requests

    request = Request("GET", read_address(url).ready)
    try:
        return limited_http.send(request, replace(PING, seconds=timeout))[0] == OK
    except (requests.RequestException, TooLateError, TooLargeError):
        return False


@may_take(2 * LIMIT)
def query(
    url: str,
    body: str,
    *,
    timeout: float = LIMIT,
    hint: str = "",
    signature: Signature = Signature(),  # noqa: B008 - frozen
) -> QueryResult:
    """Send the JSON text, or the file named by ``@PATH``; return the answer whatever the status.

    What is not JSON is not sent. The whole answer has to be there within ``timeout``. ``hint`` says
    how to start the server; it is shown when nothing answers. A CSV or Parquet file is converted
    by the model's signature.
    """
    import requests

    where, sent = prepared(url, body, signature)
    request = Request("POST", where, sent, {"Content-Type": "application/json"})
    started = perf_counter()
    try:
        status, content = limited_http.send(request, Limits(timeout, LARGEST_ANSWER))
    except TooLateError:
        raise _late(url, timeout) from None
    except TooLargeError:
        raise ServiceError(
            f"The answer is larger than {LARGEST_ANSWER // 1024**2} MiB.", "Send fewer rows."
        ) from None
    except requests.RequestException as error:
        raise _failure(error, url, timeout, hint) from None
    return _result(status, (perf_counter() - started) * 1000, content)


def prepared(url: str, body: str, signature: Signature) -> tuple[str, bytes]:
    """Return where a request goes and what is sent, in the protocol of the server."""
    address = read_address(url)
    sent = request_file.contents(body, signature)
    _check_json(sent)
    if address.protocol is not Protocol.MLFLOW:
        sent = wire_request(address.protocol, sent.decode(), signature).encode()
    return address.predict, sent


def read_json(url: str) -> Json:
    """Return the JSON that stands at an address; raises ``Unreachable``."""
    import requests

    try:
        status, content = limited_http.send(Request("GET", url), METADATA)
        found: Json = json.loads(content)
    except (requests.RequestException, TooLateError, TooLargeError, ValueError, RecursionError):
        status, found = 0, None
    if status != OK:
        raise Unreachable(f"{redact(url)} does not tell of its model.")
    return found


def _check_json(sent: bytes) -> None:
    """Raise ``InvalidInput`` with line and column where the request is not JSON."""
    try:
        json_text.load(sent.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInput(
            f"The request was not sent. Byte {error.start + 1} of it is not UTF-8."
        ) from None
    except InvalidInput as error:
        raise InvalidInput(f"The request was not sent. {error.message}", error.hint) from None


def _result(status: int, latency: float, content: bytes) -> QueryResult:
    text = content.decode("utf-8", errors="replace")
    predictions = _predictions(text) if status == OK else None
    return QueryResult(status, latency, predictions, shortened(text, KEPT_TEXT), len(content))


def _predictions(text: str) -> Json:
    try:
        return predictions_of(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _failure(error: Exception, url: str, timeout: float, hint: str) -> ServiceError:
    import requests

    server = redact(url.rstrip("/"))
    if isinstance(error, requests.ReadTimeout):
        return _late(url, timeout)
    if isinstance(error, requests.ConnectTimeout) or _never_connected(error):
        return Unreachable(f"Nothing answers at {server}.", hint)
    if isinstance(error, requests.exceptions.InvalidURL):
        return InvalidInput(f"{server!r} is no address of a model server.")
    return Unreachable(f"{server} broke the connection before it had answered.", "See its log.")


def _late(url: str, timeout: float) -> ServiceError:
    return Unreachable(f"{redact(url.rstrip('/'))} did not answer within {timeout:g} seconds.")


def _never_connected(error: Exception) -> bool:
    """Return whether urllib3 gave up before it had a connection, as for a refused one."""
    from urllib3.exceptions import MaxRetryError, NewConnectionError

    cause = error.args[0] if error.args else None
    return isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError)
