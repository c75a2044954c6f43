"""Requests kept in files."""

import os
from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.serving.query_equivalents import curl_command
from mlops_tui.services.serving import request_file
from mlops_tui.services.serving.request_file import contents, keep


def test_a_kept_request_is_sent_as_it_was(tmp_path: Path) -> None:
    text = '{"inputs": "\ud800 é"}'
    path = keep(tmp_path / "state", text)
    assert contents(f"@{path}") == contents(text) == b'{"inputs": "\\ud800 \xc3\xa9"}'
    assert path.stat().st_mode & 0o777 == 0o600
    assert keep(tmp_path / "state", text) == path


def test_only_the_latest_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_file, "MOST_KEPT", 2)
    paths = []
    for number in range(4):
        paths.append(keep(tmp_path, str(number)))
        os.utime(paths[-1], ns=(number, number))
    assert [path.exists() for path in paths] == [False, False, True, True]


def test_what_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_file, "LARGEST", 10)
    (tmp_path / "large").write_bytes(b"x" * 11)
    os.mkfifo(tmp_path / "fifo")
    for name, why in {
        "large": "is larger than",
        "fifo": "it is a FIFO",
        "missing": "No such file",
        "nul\0": "cannot be read",
        "": "cannot be read",
    }.items():
        with pytest.raises(InvalidInput, match=why):
            contents(f"@{tmp_path}/{name}")


def test_curl_reads_the_same_file() -> None:
    assert "--data-binary @/x.json" in curl_command("http://h:1", "@/x.json")
    assert "--data-raw '{}'" in curl_command("http://h:1", "{}")
