"""The file that a version of a data set came from."""

import json
from pathlib import Path

import pytest

from mlops_tui.domain.data.file_state import FileState, local_path
from mlops_tui.services.data import source_file
from mlops_tui.services.data.file_digest import digest_of
from mlops_tui.services.data.source_file import look_at


def _source(path: Path) -> str:
    return json.dumps({"uri": str(path)})


def test_a_file_is_the_same_or_changed_or_gone(tmp_path: Path) -> None:
    path, state = tmp_path / "rows.csv", tmp_path / "state"
    path.write_text("abc")
    digest = digest_of(path).digest
    (tmp_path / "rows.csv.dvc").write_text(f"outs:\n- md5: {digest}\n  path: rows.csv\n")
    same = look_at(state, _source(path), digest)
    assert (same.state, same.dvc) == (FileState.SAME, str(tmp_path / "rows.csv.dvc"))
    path.write_text("abd")
    assert look_at(state, _source(path), digest).state is FileState.CHANGED
    assert look_at(state, _source(path), "c0ffee12").why == source_file.OF_MLFLOW
    path.unlink()
    assert look_at(state, _source(path), digest).state is FileState.GONE


def test_what_is_too_large_for_a_look_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "set" / "rows.csv"
    path.parent.mkdir()
    path.write_text("abc")
    digest, state = "0" * 32, tmp_path / "state"
    monkeypatch.setattr(source_file, "MOST_FILES", 0)
    assert "too large" in look_at(state, _source(path.parent), f"{digest}.dir").why
    monkeypatch.setattr(source_file, "MOST_BYTES", 1)
    assert "too large" in look_at(state, _source(path), digest).why


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ('{"uri": "/a b.csv"}', "/a b.csv"),
        ('{"uri": "file:///a%20b.csv"}', "/a b.csv"),
        ('{"uri": "s3://bucket/a.csv"}', ""),
        ('{"uri": 3}', ""),
        ('{"uri": "a\\u0000b"}', ""),
        ("[1]", ""),
        ("{", ""),
        ("[" * 100_000, ""),
    ],
)
def test_only_files_have_a_path(tmp_path: Path, source: str, path: str) -> None:
    assert local_path(source) == path
    if not path:
        assert look_at(tmp_path, source, "d").state is FileState.ELSEWHERE
