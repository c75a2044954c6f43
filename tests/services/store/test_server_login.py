"""How a login is told without its secret."""

from pathlib import Path

import pytest

from mlops_tui.domain.stores.login import PASSWORD, PLUGIN, TOKEN, USER
from mlops_tui.services.store.server_login import login_name


@pytest.mark.parametrize(
    ("address", "user", "password", "name"),
    [
        ("http://host", "ann", "secret", "ann"),
        ("http://ann:secret@host", "bob", "other", "ann"),
        ("http://host", "", "", ""),
        ("http://host", "a-token", "a-token", "the holder of a token"),
        ("http://a-token@host", "", "", "the holder of a token"),
        ("http://a-token:@host", "", "", "the holder of a token"),
        ("http://a%2Dtoken:a-token@host", "", "", "the holder of a token"),
    ],
)
def test_a_token_that_is_sent_as_user_name_is_no_name(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    address: str,
    user: str,
    password: str,
    name: str,
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in (TOKEN, PLUGIN):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv(USER, user)
    monkeypatch.setenv(PASSWORD, password)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    assert login_name() == name
