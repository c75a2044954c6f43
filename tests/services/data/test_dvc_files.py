"""Files of DVC, read without it."""

import json
import os
from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput, NotFound, ServiceError
from mlops_tui.services.data import dvc_files
from mlops_tui.services.data.file_digest import digest_of, of_entries

MD5 = "0cc175b9c0f1b6a831c399e269772661"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder in which DVC was set up."""
    (tmp_path / ".dvc").mkdir()
    return tmp_path


def test_a_file_is_known_by_its_dvc_file(project: Path) -> None:
    data = project / "data" / "a.csv"
    data.parent.mkdir()
    data.write_text("a")
    (project / "data" / "a.csv.dvc").write_text(
        f"outs:\n- md5: {MD5}\n  size: 1\n  hash: md5\n  path: a.csv\n"
    )
    found = dvc_files.tracked(data)
    assert found
    assert (found.md5, found.size, found.is_folder) == (MD5, 1, False)
    assert found.md5 == digest_of(data).digest
    assert dvc_files.tracked(project / "data" / "b.csv") is None


def test_a_folder_is_known_by_the_lock_of_its_stage(project: Path) -> None:
    folder = f"{MD5}.dir"
    (project / "dvc.lock").write_text(
        "schema: '2.0'\nstages:\n  prepare:\n    cmd: python prepare.py\n    deps:\n"
        f"    - path: raw.csv\n      md5: {MD5}\n    outs:\n    - path: data/set\n"
        f"      md5: {folder}\n      nfiles: 2\n"
    )
    found = dvc_files.tracked(project / "data" / "set")
    assert found
    assert (found.md5, found.files, found.is_folder) == (folder, 2, True)
    assert dvc_files.tracked(project / "raw.csv")


def test_the_files_of_a_folder_come_from_the_cache(project: Path) -> None:
    entries = {"a.txt": MD5, "b/c.txt": "4a8a08f09d37b73795649038408b5f33"}
    digest = of_entries(entries)
    place = project / ".dvc" / "cache" / "files" / "md5" / digest[:2] / digest[2:]
    place.parent.mkdir(parents=True)
    place.write_text(json.dumps([{"md5": md5, "relpath": name} for name, md5 in entries.items()]))
    assert dvc_files.folder_entries(project, digest) == entries
    place.write_text("[1]")
    with pytest.raises(ServiceError, match="no list of files"):
        dvc_files.folder_entries(project, digest)
    with pytest.raises(NotFound, match="has no list"):
        dvc_files.folder_entries(project, f"{'0' * 32}.dir")
    with pytest.raises(InvalidInput, match="no digest"):
        dvc_files.folder_entries(project, "../../etc/passwd")


@pytest.mark.parametrize("text", ["[1, 2]", "outs: 3", "outs:\n- 3", "outs:\n- md5: x", "", "a: 1"])
def test_a_record_that_says_nothing_is_no_record(project: Path, text: str) -> None:
    (project / "a.csv.dvc").write_text(text)
    assert dvc_files.tracked(project / "a.csv") is None


def test_a_record_that_is_no_yaml_is_said(project: Path) -> None:
    (project / "a.csv.dvc").write_text("outs: [")
    with pytest.raises(ServiceError, match="is no YAML"):
        dvc_files.tracked(project / "a.csv")


def test_dvc_is_run_with_a_list_of_arguments(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program in the place of DVC, which tells what it was given."""
    programs = project / "bin"
    programs.mkdir()
    program = programs / "dvc"
    program.write_text('#!/bin/sh\nfor each; do echo "<$each>"; done\necho "in $PWD"\n')
    program.chmod(0o755)
    data = project / "data" / "it's; rm -rf $HOME.csv"
    monkeypatch.setenv("PATH", "/nowhere")
    assert not dvc_files.is_installed()
    with pytest.raises(NotFound, match="no command dvc"):
        dvc_files.run("add", data)
    monkeypatch.setenv("PATH", f"{programs}{os.pathsep}/bin:/usr/bin")
    assert dvc_files.command("add", data) == ("dvc", "add", "--", str(data))
    assert dvc_files.run("push", data) == f"in {project}"
    with pytest.raises(InvalidInput, match="not offered"):
        dvc_files.run("destroy", data)
    program.write_text("#!/bin/sh\necho no remote >&2\nexit 1\n")
    with pytest.raises(ServiceError, match="dvc push failed: no remote"):
        dvc_files.run("push", data)
    with pytest.raises(NotFound, match="no project of DVC"):
        dvc_files.run("add", Path("/rows.csv"))
