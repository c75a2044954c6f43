"""The process that fetches artifacts."""

import errno
import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.artifacts.artifact_fetcher import fetch
from tests.patience import PATIENCE


def test_it_ends_with_who_asked_and_takes_away_what_it_has(tmp_path: Path) -> None:
    folder = tmp_path / ".x.part-1"
    folder.mkdir()
    (folder / "half").write_text("ha")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        address = f"http://127.0.0.1:{silent.getsockname()[1]}"
        location = f"{address}/api/2.0/mlflow-artifacts/artifacts/1"
        order = {
            "location": location,
            "path": "x",
            "folder": str(folder),
            "tracking_uri": address,
        }
        fetcher = subprocess.Popen(
            [sys.executable, "-P", "-m", "mlops_tui.services.artifacts.artifact_fetcher"],
            stdin=subprocess.PIPE,
            text=True,
        )
        assert fetcher.stdin
        fetcher.stdin.write(json.dumps(order) + "\n")
        fetcher.stdin.flush()
        # It asks for the artifact, which is never answered.
        connection, _address = silent.accept()
        fetcher.stdin.close()
        assert fetcher.wait(PATIENCE) == 1
        connection.close()
    assert not folder.exists()


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "x")

    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a").touch()
    monkeypatch.setattr(shutil, "copyfile", full)
    for path in ("data", "data/a"):
        with pytest.raises(ServiceError, match="No space left on device"):
            fetch(str(tmp_path), path, tmp_path / "to", "")
