"""What was sent to a model."""

import json
import stat
from pathlib import Path

import pytest

from mlops_tui.domain.serving.sent_query import LONGEST_ANSWER, LONGEST_REQUEST, SentQuery
from mlops_tui.services.serving import query_history
from mlops_tui.services.serving.query_history import forget, recall, remember, rename


def requests(state_dir: Path) -> list[str]:
    return [each.request for each in recall(state_dir, "s", "m")]


def test_the_latest_request_comes_first_and_the_same_one_is_kept_once(tmp_path: Path) -> None:
    for at, request in enumerate(("a", "b", "a")):
        remember(tmp_path, "s", "m", SentQuery(at, request, answer="x" * 9_999))
    assert requests(tmp_path) == ["a", "b"]
    assert len(recall(tmp_path, "s", "m")[0].answer) == LONGEST_ANSWER
    assert recall(tmp_path, "s", "other") == recall(tmp_path, "t", "m") == ()
    (path,) = (tmp_path / query_history.FOLDER).glob("*.json")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_named_request_is_kept_longest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_history, "MOST", 2)
    remember(tmp_path, "s", "m", SentQuery(0, "mine"))
    rename(tmp_path, "s", "m", "mine", "edge case")
    for at in range(1, 4):
        remember(tmp_path, "s", "m", SentQuery(at, f"{at}"))
    remember(tmp_path, "s", "m", SentQuery(9, "mine"))
    assert [(q.request, q.name) for q in recall(tmp_path, "s", "m")] == [
        ("mine", "edge case"),
        ("3", ""),
    ]
    forget(tmp_path, "s", "m", "mine")
    assert requests(tmp_path) == ["3"]


def test_what_is_too_large_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(tmp_path, "s", "m", SentQuery(1, "x" * (LONGEST_REQUEST + 1)))
    assert requests(tmp_path) == []
    monkeypatch.setattr(query_history, "LARGEST", 3)
    for at, request in enumerate(("aa", "bb")):
        remember(tmp_path, "s", "m", SentQuery(at, request))
    assert requests(tmp_path) == ["bb"]


@pytest.mark.parametrize(
    "text", ["", "[]", '{"queries": 1}', '{"queries": [1, {"at": 1}, {"at": "x", "request": "y"}]}']
)
def test_a_file_that_makes_no_sense_holds_nothing(text: str, tmp_path: Path) -> None:
    remember(tmp_path, "s", "m", SentQuery(1, "a"))
    (path,) = (tmp_path / query_history.FOLDER).glob("*.json")
    path.write_text(text)
    assert requests(tmp_path) == []
    remember(tmp_path, "s", "m", SentQuery(2, "b"))
    assert requests(tmp_path) == ["b"]
    assert json.loads(path.read_text())["model"] == "m"
