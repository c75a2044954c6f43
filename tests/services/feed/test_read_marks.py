"""The marks of what was read in the feed."""

import threading
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.feed.read_marks import Marks
from mlops_tui.domain.store import Store
from mlops_tui.services.feed import read_marks as marks
from mlops_tui.services.feed.read_marks import begin_marks, mark_read, read_marks

STORE, OTHER = Store("sqlite:///a.db"), Store("https://me:secret@mlflow.example")


def test_each_store_keeps_its_own_for_its_owner_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert read_marks(state, STORE) is None
    mark_read(state, STORE, {"a": 5})
    mark_read(state, OTHER, {"b": 6})
    mark_read(state, STORE, {"c": 7})
    assert read_marks(state, STORE) == Marks(0, {"a": 5, "c": 7})
    assert read_marks(state, OTHER) == Marks(0, {"b": 6})
    for path in (state / marks.FOLDER).iterdir():
        assert "secret" not in path.read_text()
        assert path.stat().st_mode & 0o077 == 0


def test_the_first_look_is_kept_once(tmp_path: Path) -> None:
    first = Marks(3, {"a": 5})
    assert begin_marks(tmp_path, STORE, lambda: first) == first
    assert begin_marks(tmp_path, STORE, Marks) == first
    assert read_marks(tmp_path, STORE) == first


@pytest.mark.parametrize("junk", ["", "junk", "[1]", '{"floor": "x", "seen": {}}', '{"floor": 1}'])
def test_a_file_that_makes_no_sense_is_like_none(tmp_path: Path, junk: str) -> None:
    mark_read(tmp_path, STORE, {"a": 5})
    next((tmp_path / marks.FOLDER).glob("*.json")).write_text(junk)
    assert read_marks(tmp_path, STORE) is None
    assert begin_marks(tmp_path, STORE, lambda: Marks(1, {})) == Marks(1, {})


def test_a_mark_that_is_no_time_is_left_out(tmp_path: Path) -> None:
    mark_read(tmp_path, STORE, {"a": 5})
    path = next((tmp_path / marks.FOLDER).glob("*.json"))
    path.write_text('{"floor": 1, "seen": {"a": 5, "b": "x", "c": null}}')
    assert read_marks(tmp_path, STORE) == Marks(1, {"a": 5})


def test_interfaces_at_once_lose_no_mark_of_each_other(tmp_path: Path) -> None:
    def mark(name: str) -> None:
        for number in range(25):
            mark_read(tmp_path, STORE, {f"{name}{number}": number})

    threads = [threading.Thread(target=mark, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = read_marks(tmp_path, STORE)
    assert found
    assert len(found.seen) == 100


def test_a_state_directory_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(ServiceError, match="cannot be used: Not a directory"):
        mark_read(tmp_path / "state", STORE, {"a": 1})
