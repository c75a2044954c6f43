from pathlib import Path

import pytest

from mlops_tui.domain.home_path import expanded


@pytest.mark.parametrize(
    ("typed", "read"),
    [("~/a", "home/a"), ("a/~", "a/~"), ("~no-such-user/a", "~no-such-user/a"), ("/~", "/~")],
)
def test_only_a_home_that_there_is_replaces_its_sign(
    typed: str, read: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "home")
    assert expanded(typed) == Path(read)
    assert expanded(Path(typed)) == Path(read)
