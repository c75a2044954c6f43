"""Digests of files and folders that cover all bytes."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound
from mlops_tui.services.data import file_digest
from mlops_tui.services.data.file_digest import digest_of

OLD = 1_700_000_000


def _old(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    os.utime(path, (OLD, OLD))
    return path


def test_a_file_has_the_digest_of_md5sum(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(os.urandom(file_digest.BLOCK + 17))
    program = shutil.which("md5sum")
    assert program
    told = subprocess.run([program, str(path)], capture_output=True, text=True, check=True)
    found = digest_of(path)
    assert (found.digest, found.size, found.files) == (told.stdout[:32], path.stat().st_size, 1)


def test_a_folder_has_the_digest_of_dvc(tmp_path: Path) -> None:
    """What ``dvc add`` of DVC 3.67.1 wrote for these files."""
    named = (("a.txt", "a"), ("b/c.txt", "c"), ("é/d e.txt", "d"), (".git/config", "x"))
    for name, text in named:
        _old(tmp_path / "set" / name, text)
    (tmp_path / "set" / "nowhere").symlink_to(tmp_path / "gone")
    found = digest_of(tmp_path / "set")
    assert found.digest == "ee128ec659c0fc8cbb9e58bb376b5a80.dir"
    assert (len(found.digest), found.files, found.size) == (36, 3, 3)


def test_what_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    path, state = _old(tmp_path / "rows.csv", "abc"), tmp_path / "state"
    first = digest_of(path, state)
    path.chmod(0)
    assert digest_of(path, state) == first
    path.chmod(0o600)
    _old(path, "abd")
    os.utime(path, (OLD + 1, OLD + 1))
    assert digest_of(path, state) != first
    assert (state / file_digest.CACHE).stat().st_mode & 0o077 == 0


def test_a_young_file_is_read_again(tmp_path: Path) -> None:
    path, state = tmp_path / "rows.csv", tmp_path / "state"
    path.write_text("abc")
    first, status = digest_of(path, state), path.stat()
    path.write_text("abd")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert digest_of(path, state) != first


def test_a_broken_cache_costs_time_only(tmp_path: Path) -> None:
    path, state = _old(tmp_path / "rows.csv", "abc"), tmp_path / "state"
    state.mkdir(mode=0o700)
    (state / file_digest.CACHE).write_text("no database " * 100)
    assert digest_of(path, state) == digest_of(path)


def test_progress_is_told_and_cancels(tmp_path: Path) -> None:
    _old(tmp_path / "set" / "a", "abc")
    _old(tmp_path / "set" / "b", "de")
    told: list[tuple[int, int]] = []
    digest_of(tmp_path / "set", progress=lambda *each: told.append(each))
    assert told in ([(3, 5), (5, 5)], [(2, 5), (5, 5)])

    def cancel(_read: int, _size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        digest_of(tmp_path / "set", progress=cancel)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file or folder"):
        digest_of(tmp_path / "gone")
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(InvalidInput, match="neither a file nor a folder"):
        digest_of(tmp_path / "fifo")


def test_a_file_that_is_written_meanwhile_is_refused(tmp_path: Path) -> None:
    path = _old(tmp_path / "rows.csv", "abc")

    def write(_read: int, _size: int) -> None:
        path.write_text("abcdef")

    with pytest.raises(Conflict, match="was written while it was read"):
        digest_of(path, progress=write)
