"""Small files: written whole, changed by one process at a time, nothing left behind."""

import errno
import fcntl
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.files import small_files
from mlops_tui.services.files.small_files import change_json, read_json, touch, write

ADDS = """
import sys
from pathlib import Path
from mlops_tui.services.files.small_files import change_json
path, name = Path(sys.argv[1]), sys.argv[2]
for number in range(50):
    change_json(path, lambda present: {**present, f"{name}{number}": number})
"""


def make_link(path: Path) -> None:
    target = path.with_name("target")
    target.write_text('{"theirs": 1}')
    path.symlink_to(target)


def make_socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        os.chdir(path.parent)
        listener.bind(path.name)


MAKERS: dict[str, Callable[[Path], None]] = {
    "FIFO": os.mkfifo,
    "folder": Path.mkdir,
    "link": make_link,
    "socket": make_socket,
}


def test_processes_that_change_one_file_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "state" / "f.json"
    command = [sys.executable, "-c", ADDS, str(path)]
    children = [subprocess.Popen([*command, name]) for name in "abc"]
    assert [child.wait() for child in children] == [0, 0, 0]
    assert len(read_json(path)) == 150
    assert {each.name for each in path.parent.iterdir()} == {"f.json", "f.lock"}
    assert {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()} == {0o600}


def test_a_lock_that_another_process_keeps_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(small_files, "LOCK_LIMIT", 0.1)
    path = tmp_path / "f.json"
    with (tmp_path / "f.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ServiceError, match=r"Another process keeps .*f\.json locked\. Is one"):
            change_json(path, lambda _: {"a": 1})
    assert not path.exists()
    assert change_json(path, lambda _: {"a": 1}) == {"a": 1}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO])
def test_a_failed_write_leaves_the_old_contents_without_a_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    path = tmp_path / "f.json"
    write(path, b"old")

    def refuse(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(OSError, match=os.strerror(number)):
            write(path, b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["f.json"]
    assert path.read_bytes() == b"old"


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ESTALE, errno.EIO])
def test_a_reason_that_passes_within_an_instant_is_outlived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    opened = iter([number, number, 0])
    open_file = os.open

    def open_later(*arguments: object, **options: object) -> int:
        if reason := next(opened, 0):
            raise OSError(reason, os.strerror(reason))
        return open_file(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", open_later)
    write(tmp_path / "f", b"new")
    assert (tmp_path / "f").read_bytes() == b"new"


def test_the_draft_of_a_killed_process_is_removed_by_the_next_change(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    (tmp_path / f"f.json.0123abcd{small_files.DRAFT}").write_text("half")
    change_json(path, lambda _: {"a": 1})
    assert {each.name for each in tmp_path.iterdir()} == {"f.json", "f.lock"}


@pytest.mark.parametrize("kind", MAKERS)
def test_what_is_no_file_is_refused_at_once(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "f.json"
    MAKERS[kind](path)
    for access in (read_json, lambda p: change_json(p, lambda _: {}), touch):
        with pytest.raises(OSError, match=f"it is a {kind}, not a file"):
            access(path)


def test_a_link_is_replaced_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    make_link(path)
    write(path, b"{}")
    assert not path.is_symlink()
    assert read_json(tmp_path / "target") == {"theirs": 1}


def test_an_unchanged_file_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    change_json(path, lambda _: {"a": 1})
    before = path.stat().st_ino
    change_json(path, lambda present: present)
    assert path.stat().st_ino == before


def test_a_file_is_touched_anew_for_each_change(tmp_path: Path) -> None:
    path = tmp_path / "sign"
    touch(path)
    first = path.stat().st_mtime_ns
    touch(path)
    assert path.stat().st_mtime_ns > first
    assert path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        touch(path, is_new=True)


def test_a_file_that_is_too_large_to_be_read_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    small_files.write_json(path, {"long": "x" * small_files.MAX_BYTES})
    with pytest.raises(OSError, match="too large"):
        change_json(path, lambda present: {**present, "more": 1})
    assert path.stat().st_size > small_files.MAX_BYTES
    assert small_files.read_preference(path) == {}
