"""The address of a store."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlops_tui.domain.store import (
    Store,
    absolute_uri,
    address_problem,
    is_http,
    redact,
    sqlite_path,
    sqlite_uri,
)


@pytest.mark.parametrize(
    ("uri", "hint"),
    [
        ("127.0.0.1:5000", "Did you mean http://127.0.0.1:5000?"),
        ("localhost:5000/", "Did you mean http://localhost:5000/?"),
        ("mlflow.example.org:80", "Did you mean http://mlflow.example.org:80?"),
        ("[::1]:5000", "Did you mean http://[::1]:5000?"),
        ("sqlite:mlflow.db", "Write sqlite:///PATH."),
        ("sqlite://", "Write sqlite:///PATH."),
        ("sqlite:///:memory:", "Write sqlite:///PATH."),
        ("sqlite://mlflow.db", "Did you mean sqlite:///mlflow.db?"),
        ("http://", "Write http://HOST:PORT."),
    ],
)
def test_a_slip_in_an_address_is_asked_back(uri: str, hint: str) -> None:
    problem = address_problem(uri)
    assert problem is not None
    assert problem.hint == hint


@pytest.mark.parametrize(
    "uri",
    [
        "http://127.0.0.1:5000",
        "https://me:secret@mlflow.example.org/path",
        "sqlite:///mlflow.db",
        "sqlite:////data/mlflow.db",
        "postgresql://me@db/mlflow",
        "./mlruns",
        "file:///data/mlruns",
        "databricks",
    ],
)
def test_an_address_without_a_slip_passes(uri: str) -> None:
    assert address_problem(uri) is None


def test_the_file_of_an_sqlite_address_is_known() -> None:
    assert Store("sqlite:////data/mlflow.db").sqlite_path == Path("/data/mlflow.db")
    assert Store("sqlite:///mlflow.db?timeout=5").sqlite_path == Path("mlflow.db")
    assert Store("http://127.0.0.1:5000").sqlite_path is None


@pytest.mark.parametrize(
    ("uri", "shown"),
    [
        ("http://127.0.0.1:5000/a", "http://127.0.0.1:5000/a"),
        ("https://me:secret@host:1/a", "https://***@host:1/a"),
        ("https://me:p@ss@host/a", "https://***@host/a"),
        ("postgresql://db/x?password=secret", "postgresql://db/x?***"),
        ("sqlite:////data/mlflow.db", "sqlite:////data/mlflow.db"),
    ],
)
def test_no_secret_of_an_address_is_shown(uri: str, shown: str) -> None:
    assert redact(uri) == shown
    assert Store(uri).label == shown


def test_only_an_http_address_is_a_server() -> None:
    assert is_http("http://127.0.0.1:5000")
    assert is_http("https://host")
    assert not is_http("sqlite:///http.db")


@pytest.mark.parametrize("name", ["a b.db", "100 %.db", "what?.db", "modèle.db", "[red].db"])
def test_the_uri_of_a_file_leads_back_to_it(name: str) -> None:
    path = Path("/data") / name
    assert sqlite_path(sqlite_uri(path)) == path


def test_a_uri_quoted_by_mlflow_is_the_same_file() -> None:
    assert sqlite_path("sqlite:////data/a%20b/mlflow.db") == Path("/data/a b/mlflow.db")


def test_a_relative_file_keeps_its_options() -> None:
    uri = absolute_uri("sqlite:///runs.db?timeout=3")
    assert uri == f"sqlite:///{Path.cwd()}/runs.db?timeout=3"
    assert absolute_uri("http://127.0.0.1:5000") == "http://127.0.0.1:5000"


def test_an_address_that_cannot_be_read_is_not_shown() -> None:
    assert redact("http://user:secret@[x") == "http:***"


@given(
    some.sampled_from(["http", "https", "postgresql", "mysql+pymysql"]),
    some.text("ab:/?#[]%&=+ @", max_size=12),
)
def test_no_password_is_shown_however_it_is_written(scheme: str, around: str) -> None:
    uri = f"{scheme}://user:{around}SECRET{around}@host:5000/path"
    assert "SECRET" not in redact(uri)
    assert "SECRET" not in str(address_problem(uri) or "")


@given(some.text(max_size=40) | some.text("htps:/[]@?#%.05", max_size=40))
def test_any_address_is_looked_at_without_an_error(text: str) -> None:
    for uri in (text, f"http://{text}", f"sqlite:///{text}", f"postgresql://{text}"):
        redact(uri)
        address_problem(uri)
        sqlite_path(uri)


def test_a_host_that_is_none_is_asked_back() -> None:
    for uri in ("http://[bad", "http://:5000", "https://"):
        assert "names no host" in str(address_problem(uri))
