"""A login that was typed for a store: kept in memory only."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlsplit, urlunsplit

from mlops_tui.domain.store import Store, absolute_uri, is_database

USER, PASSWORD = "MLFLOW_TRACKING_USERNAME", "MLFLOW_TRACKING_PASSWORD"
TOKEN, PLUGIN = "MLFLOW_TRACKING_TOKEN", "MLFLOW_TRACKING_AUTH"
LOGIN_VARIABLES = (USER, PASSWORD, TOKEN, PLUGIN)


@dataclass(frozen=True, slots=True)
class Login:
    """Name and password, or a token."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    @property
    def variables(self) -> Mapping[str, str]:
        """The environment variables in which MLflow takes it."""
        if self.token:
            return {TOKEN: self.token}
        return {USER: self.user, PASSWORD: self.password}

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that nobody may see, as written and as they are sent."""
        pair = b64encode(f"{self.user}:{self.password}".encode()).decode() if self.password else ""
        quoted = quote(self.password, safe="")
        return tuple(filter(None, (self.token, self.password, quoted, pair)))


def login_problem(login: Login) -> str:
    """Return what is missing of a login, empty if nothing is."""
    if login.token:
        return "A token takes no name and password." if login.user or login.password else ""
    if not login.user or not login.password:
        return "A login is a name with a password, or a token."
    if ":" in login.user:
        return "A name has no colon: servers take what follows it for the password."
    return ""


def with_login(store: Store, login: Login | None) -> Store:
    """Return the store as the login opens it: a database takes it in its address.

    What an address holds itself would be sent to a server in its place.
    """
    if login is None:
        return store
    parts = urlsplit(store.tracking_uri)
    host = parts.netloc.rpartition("@")[2]
    if is_database(store.tracking_uri) and login.user:
        host = f"{quote(login.user, safe='')}:{quote(login.password, safe='')}@{host}"
    if host == parts.netloc or not host:
        return store
    return replace(store, tracking_uri=urlunsplit(parts._replace(netloc=host)))


def server_of(store: Store) -> tuple[str, ...]:
    """Return what tells the server of a store from others, through whatever tunnel."""
    try:
        parts = urlsplit(store.far_uri or store.tracking_uri)
    except ValueError:
        return (store.ssh,)
    return (store.ssh, parts.scheme, parts.netloc.rpartition("@")[2].lower())


def without_secrets(store: Store) -> Store:
    """Return the store as a later session can open it: no tunnel, no user, no password."""
    return Store(
        _bare(absolute_uri(store.far_uri or store.tracking_uri)),
        _bare(absolute_uri(store.registry_uri)),
        _bare(store.artifact_root),
        name=store.name,
        ssh=store.ssh,
    )


def _bare(uri: str) -> str:
    try:
        parts = urlsplit(uri)
    except ValueError:
        return ""
    if not parts.netloc:
        return uri
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=host, query="", fragment=""))
