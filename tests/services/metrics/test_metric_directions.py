"""The directions of metrics that a person has set."""

from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.services.metrics.metric_directions import FILE, read_directions, set_direction


def test_a_direction_is_remembered_beside_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    assert read_directions(folder) == {}
    set_direction(folder, "loss", Direction.MAX)
    known = set_direction(folder, "trees [n]", Direction.MIN)
    assert read_directions(folder) == known
    assert known == {"loss": Direction.MAX, "trees [n]": Direction.MIN}
    assert {file.name for file in folder.iterdir()} == {FILE, "metric-directions.lock"}
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"loss": "up"}', '{"loss": 1}', "[" * 99_999])
def test_a_file_that_makes_no_sense_sets_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    assert read_directions(tmp_path) == {}


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    with pytest.raises(ServiceError, match="state cannot be used"):
        set_direction(tmp_path / "state", "loss", Direction.MIN)
