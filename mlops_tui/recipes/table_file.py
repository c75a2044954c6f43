"""Reads a CSV or Parquet file as rows to train on, with their classes."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import pandas as pd

from mlops_tui.domain.home_path import expanded

if TYPE_CHECKING:
    import numpy as np

PARQUET = (".parquet", ".pq")
FEWEST = 10
"""Rows with a class that are needed."""


@dataclass(frozen=True, slots=True)
class TableFile:
    """The rows of a file that have a class: numbers as float64, all else as text."""

    path: Path
    X: pd.DataFrame
    y: "np.ndarray"

    @property
    def can_be_stratified(self) -> bool:
        """Whether each class has rows for both parts of a split."""
        return bool(pd.Series(self.y).value_counts().min() >= FEWEST)


def read_table(name: str, target: str) -> TableFile:
    """Return the rows of a file; end with a sentence where it cannot be trained on."""
    path = expanded(name)
    if not path.is_file():
        _refuse(f"There is no file {path}.")
    try:
        is_parquet = path.suffix.lower() in PARQUET
        frame = pd.read_parquet(path) if is_parquet else pd.read_csv(path)
    except Exception as error:  # noqa: BLE001 - pandas and pyarrow raise what they like
        _refuse(f"{path} cannot be read: {error}")
    if target not in frame:
        _refuse(f"{path} has no column {target!r}; it has {', '.join(map(str, frame))}.")
    frame = frame[frame[target].notna()]
    if len(frame) < FEWEST:
        _refuse(f"{path} has {len(frame)} rows with a value of {target}; {FEWEST} are needed.")
    y = _classes(frame.pop(target))
    if len(set(y)) == 1:
        _refuse(f"All rows of {path} have the same {target}: there is nothing to learn.")
    X = pd.DataFrame({str(name): _column(frame[name]) for name in frame}, index=frame.index)
    X = X.loc[:, X.notna().any()].reset_index(drop=True)
    if X.empty:
        _refuse(f"{path} has no column to learn from.")
    return TableFile(path, X, y)


def _classes(column: pd.Series) -> "np.ndarray":
    """Return the classes; whole numbers that a missing one has made floats are whole again."""
    if pd.api.types.is_float_dtype(column) and (column % 1 == 0).all():
        return column.astype("int64").to_numpy()
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy()
    return column.astype(str).to_numpy(dtype=object)


def _column(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column):
        return column.astype("float64")
    return column.astype(object).where(column.notna(), None).map(str, na_action="ignore")


def _refuse(sentence: str) -> NoReturn:
    sys.exit(sentence)
