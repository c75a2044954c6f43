"""The views that a person has kept."""

import os
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.experiments.saved_view import SavedView
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.saved_views import FILE, LAST, keep_view, read_views

STORE, OTHER = Store("sqlite:///a.db"), Store("https://me:secret@mlflow.example")


def test_each_experiment_of_each_store_keeps_its_own(tmp_path: Path) -> None:
    assert read_views(tmp_path / "state", STORE, "1") == {}
    last, best = SavedView(words="x", order=[]), SavedView(columns=["name"], order=[])
    keep_view(tmp_path / "state", STORE, "1", last)
    keep_view(tmp_path / "state", STORE, "1", best, "best")
    keep_view(tmp_path / "state", OTHER, "1", last)
    found = read_views(tmp_path / "state", STORE, "1")
    assert (found[LAST].words, found["best"].columns) == ("x", ["name"])
    assert read_views(tmp_path / "state", STORE, "2") == {}
    keep_view(tmp_path / "state", STORE, "1", None, "best")
    assert list(read_views(tmp_path / "state", STORE, "1")) == [LAST]
    assert "secret" not in (tmp_path / "state" / FILE).read_text()
    assert (tmp_path / "state" / FILE).stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_read_is_told_when_something_is_to_be_kept(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)
    assert read_views(tmp_path, STORE, "1") == {}
    with pytest.raises(ServiceError, match="it is a FIFO, not a file"):
        keep_view(tmp_path, STORE, "1", SavedView(words="x"))


def test_a_file_that_makes_no_sense_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    for junk in ("", "junk", "[1]", '{"sqlite:///a.db 1": 7}', "[" * 100_000):
        (tmp_path / "state" / FILE).write_text(junk)
        assert read_views(tmp_path / "state", STORE, "1") == {}
    keep_view(tmp_path / "state", STORE, "1", SavedView(words="x"))
    assert read_views(tmp_path / "state", STORE, "1")[LAST].words == "x"
