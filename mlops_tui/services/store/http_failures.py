"""Explains the failures of HTTP and of servers in one sentence each."""

import re

from mlops_tui.domain.errors import (
    Forbidden,
    InvalidInput,
    LoginMissing,
    LoginRefused,
    ServiceError,
    Unreachable,
)
from mlops_tui.domain.secrets import without_named
from mlops_tui.domain.store import redact
from mlops_tui.services.store.server_login import login_name, login_problem

UNAUTHORIZED = 401
FORBIDDEN = 403
INTERNAL_ERROR = 500


def from_requests(error: BaseException) -> ServiceError:
    """Return the sentence for a failure of requests."""
    server = _address(error)
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status is not None:
        return from_status(server, status, str(error))
    words = str(error)
    kinds = {base.__name__ for base in type(error).__mro__}
    if kinds & {"InvalidURL", "InvalidSchema", "MissingSchema"}:
        return InvalidInput(f"{server} is no address to ask.", "Write http://HOST:PORT.")
    failed_inside = re.search(r"too many (\d+) error", words)
    if failed_inside:
        return server_error(server, failed_inside[1])
    for sign, message, hint in SIGNS:
        if sign in kinds or sign in words:
            return Unreachable(message.format(server), hint)
    return Unreachable(f"The connection to {server} broke.", "Try again, or look at its log.")


def from_status(server: str, status: int, body: str) -> ServiceError:
    """Return the sentence for an answer with an HTTP status of failure."""
    if status == UNAUTHORIZED:
        return login_failure(server)
    if "Invalid Host header" in body:
        return Unreachable(
            f"{server} refuses to be called by this host name.",
            "Start it with `mlflow server --allowed-hosts NAME`, or use localhost or its IP.",
        )
    if status == FORBIDDEN:
        return forbidden(server)
    if status >= INTERNAL_ERROR:
        return server_error(server, str(status))
    said = re.search(r'"message": ?"([^"]+)"', body)
    if said:
        return InvalidInput(own_words(said[1]))
    return not_mlflow(server)


def login_failure(server: str) -> ServiceError:
    """Return the failure of a server that was not told who we are, or refuses who we say we are."""
    if name := login_name():
        return LoginRefused(
            f"{server} answers: login refused as {name}.", "Check name and password."
        )
    return LoginMissing(f"{server} asks for a login.", login_problem())


def forbidden(server: str) -> ServiceError:
    """Return the failure of a server that knows who we are, but does not allow it."""
    return Forbidden(f"{server} does not allow {login_name() or 'you'} this.", "Ask who runs it.")


def not_mlflow(server: str) -> ServiceError:
    """Return the failure of a server that answers, but not as MLflow would."""
    return Unreachable(f"{server} answers, but is no MLflow server.", "Check its address.")


def server_error(server: str, status: str) -> ServiceError:
    """Return the failure of a server that broke on our request."""
    return Unreachable(f"{server} failed inside (HTTP {status}).", "Look at the server's log.")


def own_words(text: str, code: str = "") -> str:
    """Return what the server itself said, on one line: no doubled code, no SQL, no secret."""
    text = without_named(text).strip().removeprefix(f"{code}:").strip()
    text = re.split(
        r"\n\[SQL:|\n\(Background on| Error: \((?:\w+(?:\.\w+)+\)|raised as a result)", text
    )[0]
    text = re.sub(r"\((?:\w+\.)+\w+\) ", "", text)
    return " ".join(text.split())


def _address(error: BaseException) -> str:
    """Return the address that was asked, without path or password."""
    url = getattr(getattr(error, "request", None), "url", None) or ""
    found = re.match(r"\w+://[^/?#]+", url)
    return redact(found[0]) if found else "The server"


SIGNS = [
    (
        "certificate required",
        "{} asks for a certificate of yours.",
        "Set MLFLOW_TRACKING_CLIENT_CERT_PATH to a file with your certificate and its key.",
    ),
    (
        "certificate has expired",
        "The certificate of {} has expired.",
        "Ask who runs it for a new one.",
    ),
    (
        "ostname mismatch",
        "The certificate of {} is for another host name.",
        "Use the name that it is for.",
    ),
    (
        "IP address mismatch",
        "The certificate of {} is for another address.",
        "Use the host name that it is for.",
    ),
    (
        "CERTIFICATE_VERIFY_FAILED",
        "The certificate of {} is not trusted.",
        "Set MLFLOW_TRACKING_SERVER_CERT_PATH to the certificate to trust.",
    ),
    ("WRONG_VERSION_NUMBER", "{} does not speak HTTPS.", "Write http:// instead of https://."),
    ("RECORD_LAYER_FAILURE", "{} does not speak HTTPS.", "Write http:// instead of https://."),
    (
        "SSLError",
        "No secure connection to {} could be made.",
        "It may ask for a certificate of yours: set MLFLOW_TRACKING_CLIENT_CERT_PATH to it.",
    ),
    ("Timeout", "{} did not answer in time.", "Try again, or look at its log."),
    ("timed out", "{} did not answer in time.", "Try again, or look at its log."),
    ("resolve", "The host name of {} is not known.", "Check the address."),
    (
        "refused",
        "Nothing listens at {}.",
        "Start the server (`mlflow server`), or choose another --tracking-uri.",
    ),
]
"""What is found in an exception's classes or text, with what is said instead."""
