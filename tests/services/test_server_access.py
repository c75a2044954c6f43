"""A team's server: behind TLS with a private certificate, or with logins."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from mlops_tui.domain.errors import Forbidden, LoginMissing, LoginRefused
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.experiments import (
    create_experiment,
    delete_experiment,
    list_experiments,
)
from mlops_tui.services.store import store as stores
from tests.mlflow_server import guarded_server
from tests.tls_proxy import private_certificate, tls_proxy

pytestmark = pytest.mark.slow

TRUST, INSECURE, MINE = (
    f"MLFLOW_TRACKING_{name}" for name in ("SERVER_CERT_PATH", "INSECURE_TLS", "CLIENT_CERT_PATH")
)


def test_a_private_certificate_is_trusted_as_mlflow_is_told_to(
    server_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = urlsplit(server_store.tracking_uri).port or 0
    server, mine = (private_certificate(tmp_path / name) for name in ("server.pem", "mine.pem"))
    with tls_proxy(server, port) as address, tls_proxy(server, port, mine) as strict:

        def said(uri: str, variables: Mapping[str, object]) -> str:
            for name in (TRUST, INSECURE, MINE):
                monkeypatch.delenv(name, raising=False)
            for name, value in variables.items():
                monkeypatch.setenv(name, str(value))
            found = stores.check(Store(uri))
            if found.ok:
                assert found.server_version
                assert list_experiments(Store(uri))
            return f"{found.sentence} {found.hint}"

        assert "is not trusted. Set MLFLOW_TRACKING_SERVER_CERT_PATH" in said(address, {})
        assert f"{address} answers" in said(address, {TRUST: server})
        assert f"{address} answers" in said(address, {INSECURE: "true"})
        assert "contradict each other" in said(address, {INSECURE: "true", TRUST: server})
        assert f"{TRUST} names {tmp_path}/no, which is not there" in said(
            address, {TRUST: tmp_path / "no"}
        )
        # Whether the reason arrives before the end of the connection is up to chance.
        assert "for a certificate of yours" in said(strict, {TRUST: server})
        assert f"{strict} answers" in said(strict, {TRUST: server, MINE: mine})
        assert f"{MINE} names {tmp_path}/no, which is not there" in said(
            strict, {TRUST: server, MINE: tmp_path / "no"}
        )


@pytest.fixture
def guarded(tmp_path: Path, empty_database: Path) -> Iterator[Store]:
    """Return the store of a server that asks for a login, whose users may read only."""
    with guarded_server(tmp_path, empty_database) as server:
        yield server.store


def test_no_login_a_wrong_one_and_one_that_may_only_read_are_told_apart(
    guarded: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mlflow.server import get_app_client

    user, password = (f"MLFLOW_TRACKING_{name}" for name in ("USERNAME", "PASSWORD"))
    with pytest.raises(LoginMissing, match=f"asks for a login. Set {user}"):
        list_experiments(guarded)
    monkeypatch.setenv(user, "alice")
    with pytest.raises(LoginMissing, match=f"{user} is set, {password} is not"):
        list_experiments(guarded)
    monkeypatch.setenv(password, "wrongpassword12")
    with pytest.raises(LoginRefused, match="login refused as alice"):
        list_experiments(guarded)
    found = stores.check(guarded)
    assert not found.ok
    assert "login refused as alice" in found.sentence

    monkeypatch.setenv(user, "root")
    monkeypatch.setenv(password, "rootpassword12")
    get_app_client("basic-auth", tracking_uri=guarded.tracking_uri).create_user(
        "alice", "alicepassword12"
    )
    made = create_experiment(guarded, "of root")
    monkeypatch.setenv(user, "alice")
    monkeypatch.setenv(password, "alicepassword12")
    assert stores.check(guarded).ok
    assert made.name in {each.name for each in list_experiments(guarded)}
    with pytest.raises(Forbidden, match="does not allow alice this"):
        delete_experiment(guarded, made.experiment_id)
