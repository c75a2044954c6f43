"""Addresses of stores behind a host that is reached by SSH."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.tunnel import named, ssh_arguments, through, tunnel_problem


@pytest.mark.parametrize(
    ("uri", "ssh", "problem"),
    [
        ("http://mlflow.internal:5000", "me@bastion", ""),
        ("http://mlflow.internal", "bastion", ""),
        ("postgresql+psycopg2://me@db/mlflow", "ssh://me@bastion:2222", ""),
        ("http://mlflow.internal:5000", "-oProxyCommand=touch", "is no host"),
        ("http://mlflow.internal:5000", "ssh://-oProxyCommand=touch", "is no host"),
        ("http://mlflow.internal:5000", "me@-bastion", "is no host"),
        ("http://mlflow.internal:5000", "bastion; touch x", "is no host"),
        ("http://mlflow.internal:5000", "two hosts", "is no host"),
        ("http://-x:5000", "bastion", "needs an address with a host"),
        ("https://mlflow.internal", "bastion", "certificate is for another name"),
        ("sqlite:////srv/mlflow.db", "bastion", "needs an address with a host"),
        ("http://[::1", "bastion", "needs an address with a host"),
    ],
)
def test_what_makes_no_sense_is_refused(uri: str, ssh: str, problem: str) -> None:
    found = tunnel_problem(Store(uri, ssh=ssh))
    assert problem in str(found) if problem else found is None


@given(some.text())
def test_no_host_is_ever_taken_for_an_option(host: str) -> None:
    if host and tunnel_problem(Store("http://h:1", ssh=host)) is None:
        assert not host.startswith("-")
        assert not host.removeprefix("ssh://").rpartition("@")[2].startswith("-")
        assert not any(sign.isspace() for sign in host)


def test_ssh_asks_nothing_trusts_known_hosts_only_and_listens_here_alone() -> None:
    words = ssh_arguments(Store("http://mlflow.internal:5000", ssh="me@bastion"), 4001)
    assert words[-2:] == ["--", "me@bastion"]
    assert words[words.index("-L") + 1] == "127.0.0.1:4001:mlflow.internal:5000"
    for option in ("BatchMode=yes", "StrictHostKeyChecking=yes", "ExitOnForwardFailure=yes"):
        assert words[words.index(option) - 1] == "-o"


def test_an_open_tunnel_changes_the_address_and_not_which_store_it_is() -> None:
    store = Store("postgresql://me:pw@[fd00::5]/mlflow", name="team", ssh="bastion")
    near = through(store, 4001)
    assert near.tracking_uri == "postgresql://me:pw@127.0.0.1:4001/mlflow"
    assert near.label == store.label == "postgresql://***@[fd00::5]/mlflow through bastion"
    assert near.title.startswith("team ")
    assert through(near, 4002) == through(store, 4002)


def test_a_failure_names_the_store_and_not_our_end_of_the_tunnel() -> None:
    near = through(Store("http://far:5000", ssh="bastion"), 4001)
    told = named(NotFound("http://127.0.0.1:4001 has none.", "Ask it."), near)
    assert isinstance(told, NotFound)
    assert str(told) == "http://far:5000 through bastion has none. Ask it."
