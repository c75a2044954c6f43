"""A state directory that others may write is not used."""

import os
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.services.files import state_directory
from mlops_tui.services.launchers import processes
from mlops_tui.services.metrics.metric_directions import set_direction
from mlops_tui.services.processes import records
from tests import detached


def test_a_directory_that_everybody_may_write_is_refused_with_the_way_out(tmp_path: Path) -> None:
    state_dir = tmp_path / "state"
    state_dir.mkdir()
    state_dir.chmod(0o777)
    for use in (
        lambda: set_direction(state_dir, "loss", Direction.MIN),
        lambda: records.create(state_dir, detached.python("print()")),
        lambda: processes.list_processes(state_dir, ProcessKind.JOB),
    ):
        with pytest.raises(ServiceError, match=r"every user of this machine.*chmod go-w"):
            use()
    assert list(state_dir.iterdir()) == []
    state_dir.chmod(0o775)
    set_direction(state_dir, "loss", Direction.MIN)


def test_the_directory_of_another_user_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = tmp_path.stat().st_uid
    monkeypatch.setattr(state_directory, "ROOT", -1)
    monkeypatch.setattr(os, "geteuid", lambda: owner + 7)
    assert state_directory.problem(tmp_path).startswith("it belongs to ")
    monkeypatch.setattr(os, "geteuid", lambda: owner)
    assert state_directory.problem(tmp_path) == ""


def test_a_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServiceError, match="cannot be used: Not a directory"):
        state_directory.make(tmp_path / "file" / "state")


def test_a_folder_of_it_is_there_missing_or_cannot_be_told(tmp_path: Path) -> None:
    (tmp_path / "servers").mkdir()
    (tmp_path / "monitors").write_text("no folder")
    found = [state_directory.holds(tmp_path, name) for name in ("servers", "monitors", "jobs")]
    assert found == [True, False, False]
    assert not state_directory.holds(tmp_path / ("x" * 5_000), "servers")
