"""Explains the failures of MLflow, HTTP and databases in one sentence each."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mlops_tui.domain.errors import (
    Conflict,
    Forbidden,
    InvalidInput,
    LoginMissing,
    LoginRefused,
    NotFound,
    ServiceError,
    Unreachable,
    Unsupported,
)
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import redact
from mlops_tui.services.store.http_failures import (
    forbidden,
    from_requests,
    from_status,
    login_failure,
    not_mlflow,
    own_words,
    server_error,
)

PACKAGES = {
    "psycopg": "'mlops-tui[postgres]'",
    "psycopg2": "'mlops-tui[postgres]'",
    "pymysql": "'mlops-tui[mysql]'",
    "MySQLdb": "mysqlclient, or write mysql+pymysql:// and pip install 'mlops-tui[mysql]'",
    "pyodbc": "pyodbc",
    "botocore": "boto3",
    "azure": "azure-storage-blob azure-identity",
    "google": "google-cloud-storage",
}
"""Import name of a module that a store needs to what pip is asked for."""

MOST_WORDS = 400
"""Characters of what a library says that are passed on."""

DRIVERS = ("psycopg", "psycopg2", "pymysql", "MySQLdb", "pyodbc")

FILE_STORE_HINT = (
    "Move it to a database with `mlflow migrate-filestore --source DIR "
    "--target sqlite:///mlflow.db`, or set MLFLOW_ALLOW_FILE_STORE=true."
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn every expected failure in the block (or decorated function) into a ``ServiceError``.

    Whatever is not expected passes: it is a mistake of ours, to be seen as one.
    """
    try:
        yield
    except ServiceError:
        raise
    except Exception as error:
        failure = explain(error)
        if failure is None:
            raise
        # The original may hold a URI with its password: it is not kept.
        raise failure from None


def explain(error: BaseException) -> ServiceError | None:
    """Return the sentence for a failure of MLflow or of what it stands on, None for any other.

    The kind is recognised by the package that defines it, so that nothing need be imported.
    """
    for base in type(error).__mro__:
        reader = READERS.get(base.__module__.partition(".")[0])
        if reader is not None:
            return reader(error)
    if isinstance(error, ModuleNotFoundError):
        return _missing_module(error)
    if isinstance(error, ImportError) and (error.name or "").startswith("sqlalchemy"):
        return ServiceError(
            "MLflow before 3.9 does not work with the SQLAlchemy that is installed.",
            "Install an older one, pip install 'sqlalchemy<2.1', or a newer MLflow.",
        )
    if isinstance(error, OSError) and error.strerror:
        where = f" {error.filename}" if error.filename else ""
        return ServiceError(f"Cannot read or write{where}: {error.strerror}.")
    return None


def _from_mlflow(error: BaseException) -> ServiceError:
    network = _network_failure(error)
    if network is not None:
        return from_requests(network)
    words = own_words(str(error), getattr(error, "error_code", ""))
    for pattern, failure in KNOWN_MESSAGES:
        found = re.search(pattern, words)
        if found:
            return failure(found)
    code = getattr(error, "error_code", "")
    if code in LOGIN_CODES:
        return LOGIN_CODES[code]("The server")
    kind = KINDS_BY_CODE.get(code, ServiceError)
    return kind(one_line(words, MOST_WORDS) or f"MLflow failed with {code}.")


def _network_failure(error: BaseException) -> BaseException | None:
    """Return the failure of requests behind one of MLflow, which names it in no field."""
    behind = error.__context__
    while behind is not None:
        if type(behind).__module__.partition(".")[0] == "requests":
            return behind
        behind = behind.__context__
    return None


def _from_sqlalchemy(error: BaseException) -> ServiceError:
    words = own_words(str(error), getattr(error, "error_code", ""))
    for pattern, failure in KNOWN_MESSAGES:
        found = re.search(pattern, words)
        if found:
            return failure(found)
    return Unreachable(
        f"The database answered: {one_line(words, MOST_WORDS)}.", "Check its address, or try again."
    )


def _missing_module(error: ModuleNotFoundError) -> ServiceError:
    name = (error.name or "").partition(".")[0]
    kind = "database driver" if name in DRIVERS else "Python module"
    return ServiceError(
        f"The {kind} {name} is not installed.",
        f"Install it beside mlops-tui: pip install {PACKAGES.get(name, name)}.",
    )


def _no_certificate(variable: str, path: str) -> ServiceError:
    return InvalidInput(
        f"{variable} names {path}, which is not there.", "Write the path of the certificate."
    )


def _nothing_listens(address: str) -> ServiceError:
    return Unreachable(f"No database listens at {address}.", "Start it, or check its address.")


def _from_endpoint(found: re.Match[str]) -> ServiceError:
    return from_status("The server", int(found[1]), found.string)


READERS: dict[str, Callable[[BaseException], ServiceError]] = {
    "mlflow": _from_mlflow,
    "requests": from_requests,
    "sqlalchemy": _from_sqlalchemy,
}
"""The package that defines an exception to what reads it."""

KINDS_BY_CODE: dict[str, type[ServiceError]] = {
    "RESOURCE_DOES_NOT_EXIST": NotFound,
    "RESOURCE_ALREADY_EXISTS": Conflict,
    "INVALID_PARAMETER_VALUE": InvalidInput,
    "BAD_REQUEST": InvalidInput,
}

LOGIN_CODES = {
    "UNAUTHENTICATED": login_failure,
    "CUSTOMER_UNAUTHORIZED": login_failure,
    "PERMISSION_DENIED": forbidden,
}

KNOWN_MESSAGES: list[tuple[str, Callable[[re.Match[str]], ServiceError]]] = [
    (
        r"out-of-date database schema \(found version (\w+), but expected (\w+)\)",
        lambda found: schema_differs(found[1], found[2]),
    ),
    (
        r"filesystem tracking backend",
        lambda _: ServiceError(
            "This is a file store, which MLflow no longer opens.", FILE_STORE_HINT
        ),
    ),
    (
        r"unsupported URI '([a-z0-9+.-]+):",
        lambda found: InvalidInput(
            f"MLflow knows no store of the kind {found[1]}://.",
            "Use http://, https://, sqlite:///, postgresql:// or mysql://.",
        ),
    ),
    (
        # Of a file that a server was asked for.
        r'"RESOURCE_DOES_NOT_EXIST", ?"message": ?"([^"]+)"',
        lambda found: NotFound(f"{found[1]}."),
    ),
    (r"failed with error code (\d+) !=", _from_endpoint),
    (
        r"'ignore_tls_verification' is true then 'server_cert_path' must not be set",
        lambda _: InvalidInput(
            "MLFLOW_TRACKING_INSECURE_TLS and MLFLOW_TRACKING_SERVER_CERT_PATH contradict each "
            "other: MLflow takes one of them.",
            "Unset one.",
        ),
    ),
    (
        r"TLS CA certificate bundle, invalid path: (.+)",
        lambda found: _no_certificate("MLFLOW_TRACKING_SERVER_CERT_PATH", found[1]),
    ),
    (
        r"TLS (?:certificate|key) file, invalid path: (.+)",
        lambda found: _no_certificate("MLFLOW_TRACKING_CLIENT_CERT_PATH", found[1]),
    ),
    (
        r"Not a proper (\w+):/ URI: (.*?)\. \w+ URIs must be of the form",
        lambda found: InvalidInput(
            f"{found[2]} is no address of a model: name or version is missing or makes no sense.",
            "If a record says so, remove it; a version is models:/NAME/VERSION.",
        ),
    ),
    (r"not in a valid JSON format", lambda _: not_mlflow("The server")),
    (
        r"password authentication failed for user \"([^\"]+)\"|Access denied for user '([^']*)'",
        lambda found: LoginRefused(
            f"The database answers: login refused as {found[1] or found[2]}.",
            "Check name and password in its address.",
        ),
    ),
    (
        r'server at "([^"]+)", port (\d+) failed: Connection refused',
        lambda found: _nothing_listens(f"{found[1]}:{found[2]}"),
    ),
    (
        r"Can't connect to MySQL server on '([^']+)'",
        lambda found: _nothing_listens(found[1]),
    ),
    (
        r"failed to resolve host|could not translate host name|[Nn]ame or service not known",
        lambda _: Unreachable("The host name of the database is not known.", "Check its address."),
    ),
    (
        # MLflow's registry, where psycopg 3 is the driver.
        r"operator does not exist: integer <> character varying",
        lambda _: Unsupported(
            "MLflow cannot archive versions along with a move on this database.",
            "Its server should use psycopg2: postgresql+psycopg2://….",
        ),
    ),
    (
        r"no password supplied",
        lambda _: LoginMissing(
            "The database asks for a password.", "Write postgresql://USER:PASSWORD@HOST/NAME."
        ),
    ),
    (
        r"database \"([^\"]+)\" does not exist|Unknown database '([^']+)'",
        lambda found: NotFound(
            f"There is no database {found[1] or found[2]}.", "Create it, or check the address."
        ),
    ),
    (
        r"permission denied for (\w+ \S+)|command denied to user",
        lambda found: Forbidden(
            f"The database does not allow this to its user ({found[0].strip()}).",
            "Ask who runs it.",
        ),
    ),
    (
        r"mlflow-artifacts URI was supplied, the tracking URI must be",
        lambda _: ServiceError(
            "An MLflow server keeps these artifacts, and this is its database opened directly.",
            "Open the server instead: --tracking-uri http://HOST:PORT.",
        ),
    ),
    (
        r"Active workspace is required",
        lambda _: InvalidInput(
            "This store has workspaces, and none is chosen.",
            "Set MLFLOW_WORKSPACE to its name; the first one is called default.",
        ),
    ),
    (
        r"Can't load plugin: sqlalchemy\.dialects:(\S+)",
        lambda found: InvalidInput(
            f"SQLAlchemy knows no database of the kind {found[1]}.",
            "Use postgresql://, mysql+pymysql:// or sqlite:///.",
        ),
    ),
    (
        r"file is not a database",
        lambda _: ServiceError("The file is no SQLite database.", "Check the path."),
    ),
    (
        r"too many (\d+) error responses",
        lambda found: server_error("The server", found[1]),
    ),
    (
        r"database is locked",
        lambda _: Unreachable("Another process keeps the database locked.", "Try again."),
    ),
]
"""Messages that need other words: what they look like, and what is said instead."""


def schema_differs(found: str, expected: str, uri: str = "URI") -> ServiceError:
    """Return the failure of a database that another version of MLflow wrote."""
    return ServiceError(
        f"The database has the schema of another MLflow ({found}, this one needs {expected}).",
        f"Back it up, then run `mlflow db upgrade {redact(uri)}`.",
    )
