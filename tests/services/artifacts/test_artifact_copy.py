"""Artifacts lent to a pager or an editor."""

import os
import sys
from pathlib import Path

import pytest

from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.errors import InvalidInput, NotFound, ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts import artifact_copy
from mlops_tui.services.artifacts.artifact_copy import editable, give_back, readable
from mlops_tui.services.machine.editor import open_file
from mlops_tui.services.machine.lent_terminal import page
from mlops_tui.services.store.store import client
from tests.making import make_run


def noted(store: Store) -> ArtifactRef:
    run_id = make_run(store)
    client(store).log_text(run_id, "hello", "logs/[n] a.txt")
    return ArtifactRef(run_id, "logs/[n] a.txt")


def test_what_is_edited_is_a_copy_that_goes_away(any_store: Store) -> None:
    ref = noted(any_store)
    copy = editable(any_store, ref)
    assert copy.name == "[n] a.txt"
    copy.write_text("changed")
    give_back(copy)
    assert not copy.parent.exists()
    again = editable(any_store, ref)
    assert again.read_text() == "hello"
    give_back(again)


def test_what_lies_on_this_machine_is_read_where_it_is(sqlite_store: Store) -> None:
    path = readable(sqlite_store, noted(sqlite_store))
    give_back(path)
    assert path.read_text() == "hello"


def test_what_lies_on_a_server_is_fetched_to_be_read(server_store: Store) -> None:
    path = readable(server_store, noted(server_store))
    assert path.read_text() == "hello"
    give_back(path)
    assert not path.exists()


def test_what_is_too_large_or_not_there_is_not_copied(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = noted(sqlite_store)
    with pytest.raises(NotFound, match="does not exist"):
        readable(sqlite_store, ArtifactRef(ref.run_id, "nothing.txt"))
    with pytest.raises(NotFound, match="is a folder"):
        readable(sqlite_store, ArtifactRef(ref.run_id, "logs"))
    monkeypatch.setattr(artifact_copy, "FETCH_LIMIT", 3)
    with pytest.raises(InvalidInput, match="too much to copy"):
        editable(sqlite_store, ref)
    assert readable(sqlite_store, ref).is_file()


def test_the_pager_may_not_run_anything_for_a_file(tmp_path: Path) -> None:
    script = tmp_path / "pager.py"
    seen = tmp_path / "seen"
    script.write_text(
        "import os, pathlib, sys\n"
        f"pathlib.Path({str(seen)!r}).write_text(os.environ['LESSSECURE'] + sys.argv[-1])\n"
    )
    page(tmp_path / "-a $(x)", {**os.environ, "PAGER": f"{sys.executable} '{script}' -R"})
    assert seen.read_text() == f"1{tmp_path}/-a $(x)"


def test_what_does_not_start_is_named(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match=r"The pager no-such-pager does not start.*Set PAGER"):
        page(tmp_path, {"PAGER": "no-such-pager"})
    with pytest.raises(ServiceError, match="PAGER is no command"):
        page(tmp_path, {"PAGER": "'less"})
    with pytest.raises(ServiceError, match="The editor no-editor does not start"):
        open_file(tmp_path, {"EDITOR": "no-editor"})
