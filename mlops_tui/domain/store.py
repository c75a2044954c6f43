"""The address of an MLflow store."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mlops_tui.domain.errors import InvalidInput

ADDRESS = re.compile(r"\w[\w+.-]{0,40}://[^\s'\"]+")
"""A URI inside a text."""


@dataclass(frozen=True, slots=True)
class Store:
    """Where experiments and models live: two MLflow URIs, often the same.

    ``registry_uri`` is empty when it is the tracking URI's. ``artifact_root`` is where artifacts
    lie of experiments that are made in a database that others share; empty when nobody has said.
    ``name`` is that of the config file. ``ssh`` is the host through which the address is reached;
    while that tunnel is open, ``tracking_uri`` is its end here and ``far_uri`` the address itself.
    """

    tracking_uri: str
    registry_uri: str = ""
    artifact_root: str = ""
    name: str = ""
    ssh: str = ""
    far_uri: str = ""

    @property
    def sqlite_path(self) -> Path | None:
        """The file behind an SQLite tracking URI, else None."""
        return sqlite_path(self.tracking_uri)

    @property
    def label(self) -> str:
        """The store's address as it may be shown: without a password, the same in each session."""
        through = f" through {self.ssh}" if self.ssh else ""
        return f"{redact(self.far_uri or self.tracking_uri)}{through}"

    @property
    def title(self) -> str:
        """The name of the config file, if it has one, with the address."""
        return f"{self.name} {self.label}" if self.name else self.label


def sqlite_path(uri: str) -> Path | None:
    """Return the file of an ``sqlite:///`` URI, else None."""
    scheme, there, path = uri.partition(":///")
    if not there or scheme.partition("+")[0] != "sqlite":
        return None
    return Path(unquote(path.partition("?")[0]))


def sqlite_uri(path: Path) -> str:
    """Return the URI of an SQLite file."""
    return f"sqlite:///{quoted_path(path)}"


def quoted_path(path: Path) -> str:
    """Return the path as an SQLite URI has it: readable, its two special signs quoted."""
    return str(path).replace("%", "%25").replace("?", "%3F")


def absolute_uri(uri: str) -> str:
    """Return an SQLite URI that means the same in every folder, any other as it is."""
    path = sqlite_path(uri)
    if path is None or path.is_absolute():
        return uri
    _, mark, query = uri.partition("?")
    return f"{sqlite_uri(path.absolute())}{mark}{query}"


def redact(uri: str) -> str:
    """Return the URI with user, password and query values hidden."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return f"{uri.partition(':')[0]}:***"
    if not parts.netloc and not parts.query:
        return uri
    # A password may hold an unquoted "@", "/", "?" or "#": all before the last "@" goes.
    _, at, rest = uri.partition("://")[2].rpartition("@") if parts.netloc else ("", "", "")
    if at:
        place, mark, _ = rest.partition("?")
        return f"{parts.scheme}://***@{place}{mark and '?***'}"
    return uri.partition("?")[0] + ("?***" if parts.query else "")


def redact_addresses(text: str) -> str:
    """Return a text in which each URI has its user, password and query values hidden."""
    return ADDRESS.sub(lambda found: redact(found[0]), text)


@dataclass(frozen=True, slots=True)
class StoreCheck:
    """What was found out about a store; ``sentence`` with ``hint`` is what a person reads."""

    ok: bool
    """Whether it answers, or (where it does not exist yet) the first write can create it."""
    exists: bool
    sentence: str
    hint: str = ""
    mlflow_version: str = ""
    """Of the MLflow installed here; empty when there is none."""
    server_version: str = ""
    """Of the server behind an HTTP address; empty when it did not say."""


def address_problem(uri: str) -> InvalidInput | None:
    """Return what is wrong with the URI as written, as far as that can be seen without opening it.

    MLflow takes whatever has no scheme for a folder, which hides the usual slip: a missing
    ``http://``.
    """
    if re.match(r"[a-z][a-z0-9+.-]*://", uri, re.IGNORECASE) is None:
        return _schemeless_problem(uri)
    if uri in ("sqlite://", "sqlite:///", "sqlite:///:memory:"):
        return InvalidInput(
            f"{uri!r} names no file: such a store is gone with its process.",
            "Write sqlite:///PATH.",
        )
    if uri.startswith("sqlite://") and not uri.startswith("sqlite:///"):
        return InvalidInput(
            f"{uri!r} lacks a slash.", f"Did you mean sqlite:///{uri.removeprefix('sqlite://')}?"
        )
    if is_http(uri) and not _host(uri):
        return InvalidInput(f"{redact(uri)!r} names no host.", "Write http://HOST:PORT.")
    return None


def _host(uri: str) -> str:
    try:
        return urlsplit(uri).hostname or ""
    except ValueError:
        return ""


def is_http(uri: str) -> bool:
    """Return whether an MLflow server is meant."""
    return uri.startswith(("http://", "https://"))


def is_database(uri: str) -> bool:
    """Return whether a database is meant that is reached by a driver, not a file."""
    return re.match(r"(postgresql|mysql|mssql)(\+\w+)?://", uri) is not None


def _schemeless_problem(uri: str) -> InvalidInput | None:
    if re.match(r"(\[[0-9a-f:]+\]|[\w.-]+):\d+(/|$)", uri, re.IGNORECASE):
        return InvalidInput(
            f"The tracking URI {uri!r} has no scheme.", f"Did you mean http://{uri}?"
        )
    if uri.lower().startswith("sqlite:"):
        return InvalidInput(f"{uri!r} is no SQLite address.", "Write sqlite:///PATH.")
    return None
