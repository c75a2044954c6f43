"""The states of stores that could be opened."""

from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.domain.stores.store_state import StoreState
from mlops_tui.services.mlflow_internals import ask_address
from mlops_tui.services.stores.store_state import look
from tests.mlflow_server import guarded_server
from tests.ports import free_port


def test_a_file_answers_is_not_there_yet_or_is_none(sqlite_store: Store, tmp_path: Path) -> None:
    assert look(sqlite_store).state is StoreState.ANSWERS
    missing = tmp_path / "missing.db"
    assert look(Store(f"sqlite:///{missing}")).state is StoreState.ABSENT
    assert not missing.exists()
    junk = tmp_path / "junk.db"
    junk.write_text("no database at all")
    found = look(Store(f"sqlite:///{junk}"))
    assert found.state is StoreState.UNUSABLE
    assert "no SQLite database" in found.reason


def test_what_cannot_be_reached_says_why() -> None:
    uri = f"http://127.0.0.1:{free_port()}"
    found = look(Store(uri))
    assert found.state is StoreState.UNREACHABLE
    assert f"Nothing listens at {uri}" in found.reason
    assert look(Store("localhost:5000")).state is StoreState.UNUSABLE


def test_a_store_behind_ssh_is_not_asked_before_it_is_opened() -> None:
    assert look(Store("http://far:5000", ssh="bastion")).state is StoreState.BEHIND


@pytest.mark.slow
def test_a_server_says_its_version_or_asks_for_a_login_which_only_the_open_one_is_sent(
    server_store: Store, tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = look(server_store)
    assert found.state is StoreState.ANSWERS
    assert found.version
    with guarded_server(tmp_path, empty_database) as guarded:
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "root")
        monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "rootpassword12")
        assert look(guarded.store).state is StoreState.LOGIN
        found = look(guarded.store, is_open=True)
        assert (found.state, bool(found.version)) == (StoreState.ANSWERS, True)
        answer = ask_address(guarded.store.tracking_uri, "/version", 60, anonymous=True)
        assert answer is not None
        assert "Authorization" not in answer.request.headers
