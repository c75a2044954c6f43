"""A file that a person asked for."""

from pathlib import Path

import pytest

from mlops_tui.domain.errors import Conflict, ServiceError
from mlops_tui.services.machine.export_file import write_file


def test_a_file_that_is_there_is_kept_until_replacing_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "runs.csv"
    assert write_file(path, "é\n") == path
    with pytest.raises(Conflict, match=r"runs.csv is there already"):
        write_file(path, "other")
    assert path.read_bytes() == "é\n".encode()
    write_file(path, "other", overwrite=True)
    assert path.read_text() == "other"


def test_a_folder_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ServiceError, match="No such file or directory"):
        write_file(tmp_path / "no" / "runs.csv", "")
