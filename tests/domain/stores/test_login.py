"""Logins that were typed, and addresses without any."""

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.login import Login, login_problem, with_login, without_secrets


def test_a_login_never_shows_its_secrets() -> None:
    shown = repr(Login("alice", "secretpassword", "secrettoken"))
    assert "alice" in shown
    assert "secret" not in shown


@pytest.mark.parametrize(
    ("login", "problem"),
    [
        (Login("alice", "x"), ""),
        (Login(token="x"), ""),
        (Login("alice"), "a name with a password, or a token"),
        (Login(password="x"), "a name with a password, or a token"),
        (Login(), "a name with a password, or a token"),
        (Login("alice", "x", "y"), "takes no name"),
        (Login("a:b", "x"), "no colon"),
    ],
)
def test_what_is_missing_of_a_login_is_said(login: Login, problem: str) -> None:
    said = login_problem(login)
    assert (problem in said) if problem else not said


def test_a_server_gets_a_typed_login_and_not_what_its_address_holds() -> None:
    store = with_login(Store("http://bob:old@host:5000/x", name="team"), Login("alice", "new"))
    assert store == Store("http://host:5000/x", name="team")
    assert with_login(Store("http://host:5000"), Login(token="t")) == Store("http://host:5000")


def test_a_database_gets_a_login_in_its_address() -> None:
    store = with_login(Store("postgresql://bob@host/mlflow"), Login("alice", "p@ss/word"))
    assert store.tracking_uri == "postgresql://alice:p%40ss%2Fword@host/mlflow"
    assert "p%40ss" not in store.label


def test_what_is_kept_of_a_store_holds_no_secret_and_no_tunnel() -> None:
    store = Store(
        "http://alice:pw@127.0.0.1:4001/",
        "postgresql://bob:pw@db/registry?password=pw",
        "s3://bucket/root",
        name="team",
        ssh="me@bastion",
        far_uri="http://alice:pw@far:5000/#pw",
    )
    kept = without_secrets(store)
    assert kept == Store(
        "http://far:5000/",
        "postgresql://db/registry",
        "s3://bucket/root",
        name="team",
        ssh="me@bastion",
    )
