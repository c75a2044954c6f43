"""The file that is trained on."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.services.data.file_digest import digest_of
from mlops_tui.services.retraining.row_sources import frames_of
from mlops_tui.services.retraining.training_data import (
    columns_of,
    write_training_data,
)

if TYPE_CHECKING:
    from collections.abc import Iterable


def frame(*rows: tuple[object, object, object]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["width", "colour", "label"])


OLD = frame((0.1, "red", 0), (1.0, "blue", 1), (2.0, None, 1))
NEW = frame((0.1, "red", 0), (3, "green", 0), (2.0, None, 1))
HOLDOUT = frame((1, "blue", 1), (2.0, None, 1))


def written(folder: Path, base: str, new: "Iterable[pd.DataFrame]" = (NEW,)) -> pd.DataFrame:
    """Write the old rows as ``base``, then the file to train on; return what is in it."""
    path = folder / base
    if path.suffix == ".csv":
        OLD.to_csv(path, index=False)
    else:
        OLD.to_parquet(path)
    HOLDOUT.to_csv(folder / "holdout.csv", index=False)
    HOLDOUT.drop(columns="colour").head(1).to_parquet(folder / "second.parquet")
    holdouts = [folder / "holdout.csv", folder / "second.parquet"]
    made = write_training_data(path, "label", new, holdouts, folder / "out")
    assert made.path.name == f"base-retraining{path.suffix}"
    assert made.digest == digest_of(made.path).digest
    found = pd.concat(frames_of(made.path), ignore_index=True)
    assert (made.rows, made.left_out) == (len(found), 3)
    assert made.new_rows == 2
    return found


@pytest.mark.parametrize("base", ["base.csv", "base.parquet"])
def test_new_rows_are_added_and_those_to_validate_on_left_out_whatever_the_format(
    tmp_path: Path, base: str
) -> None:
    found = written(tmp_path, base)
    assert found.to_dict("list") == {
        "width": [0.1, 0.1, 3.0],
        "colour": ["red", "red", "green"],
        "label": [0, 0, 0],
    }


def test_a_row_that_does_not_fit_the_types_of_the_old_ones_is_told(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"A new row does not fit the columns of base\.parquet"):
        written(tmp_path, "base.parquet", [frame(("wide", "red", 0))])
    assert not list((tmp_path / "out").glob("*.parquet"))


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("base.txt", "x", "base.txt is neither CSV nor Parquet"),
        ("base.csv", "width\n1\n", "base.csv has no column 'label' to train on; it has width"),
        ("base.csv", "", "base.csv cannot be read"),
        ("base.parquet", "no parquet", "base.parquet cannot be read"),
    ],
)
def test_a_file_to_which_no_rows_can_be_added_is_told(
    tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(InvalidInput) as raised:
        write_training_data(tmp_path / name, "label", (), (), tmp_path)
    assert sentence in raised.value.message


def test_the_columns_are_those_of_the_old_rows_but_the_target(tmp_path: Path) -> None:
    OLD.to_csv(tmp_path / "base.csv", index=False)
    assert columns_of(tmp_path / "base.csv", "label") == ["width", "colour"]
    with pytest.raises(InvalidInput, match="There is no file"):
        columns_of(tmp_path / "gone.csv", "label")
