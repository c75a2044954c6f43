"""Where MLflow's web UI shows a run or an experiment."""

import shlex
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from mlops_tui.domain.store import Store, absolute_uri, is_http, redact

LOCAL_UI = "http://127.0.0.1:5000"
"""Where ``mlflow ui`` listens unless told otherwise (MLflow 3.17)."""

FROM_ENVIRONMENT = '"$MLFLOW_TRACKING_URI"'
"""What stands for an address that may not be shown."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """The address of a page, without any credentials.

    ``command`` starts the web server that it needs first; it is empty where one is there already.
    """

    address: str
    command: str = ""


def web_page(store: Store, experiment_id: str, run_id: str = "") -> WebPage:
    """Return the page of a run, else of an experiment."""
    place = f"#/experiments/{quote(experiment_id, safe='')}"
    place += f"/runs/{quote(run_id, safe='')}" if run_id else ""
    uri = store.tracking_uri
    if is_http(uri):
        return WebPage(f"{_server(uri)}/{place}")
    uri = absolute_uri(uri)
    named = shlex.quote(uri) if redact(uri) == uri else FROM_ENVIRONMENT
    return WebPage(f"{LOCAL_UI}/{place}", f"mlflow ui --backend-store-uri {named}")


def _server(uri: str) -> str:
    """Return the address of a server as far as a browser needs it."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return redact(uri)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path.rstrip("/"), "", ""))
