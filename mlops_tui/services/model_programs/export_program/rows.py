"""The rows that the two models are asked about: the hold-out, and the model's own example."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..gate_program import holdout
from ..problem import Problem, listed, say

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from ..gate_program.holdout import HoldOut
    from ..gate_program.model import Version
    from .columns import Columns


def hold_out(plan: dict[str, Any], client: MlflowClient) -> HoldOut | None:
    """Return the rows of the first file or data set of the plan that can be read, if any.

    Raises ``Problem`` where a file that a person named cannot be read.
    """
    for wanted in plan["hold_outs"]:
        try:
            return holdout.read(wanted, Path(plan["folder"]), client, plan["run_id"])
        except Problem as problem:
            if plan["is_hold_out_named"]:
                raise
            say(str(problem))
    say("There is no hold-out: parity is checked on the input example alone; --data names a file.")
    return None


def of_hold_out(found: HoldOut, source: Version, columns: Columns) -> Any:
    """Return its rows as the source model takes them. Raises ``Problem``."""
    if columns.shape is None:
        given = source.accepted(found)
        return _chosen(given, columns, found.path.name)
    numbers = found.frame.select_dtypes("number")
    lengths = [n for n in columns.shape if n is not None]
    if columns.width is None:
        raise Problem(f"{found.path.name} has rows of one length; those of the model vary.")
    if numbers.shape[1] != columns.width:
        raise Problem(
            f"{found.path.name} has {numbers.shape[1]} columns of numbers; the model takes "
            f"{columns.width}."
        )
    return numbers.to_numpy().reshape(-1, *lengths)


def of_example(source: Version, columns: Columns) -> Any:
    """Return the input example as the source model takes it, None where there is none."""
    example = source.example()
    if example is None:
        return None
    if columns.shape is not None:
        found = np.asarray(example)
        if found.ndim == len(columns.shape):
            found = found[np.newaxis]  # a single row
        return found if _fits(found, columns.shape) else None
    return _chosen(pd.DataFrame(example), columns, "The input example")


def pieces(rows: Any, most: int) -> list[Any]:
    """Return rows in pieces of at most so many."""
    return [rows[start : start + most] for start in range(0, len(rows), most)]


def _fits(found: Any, shape: tuple[int | None, ...]) -> bool:
    row = found.shape[1:]
    return len(row) == len(shape) and all(
        length in (None, given) for given, length in zip(row, shape, strict=True)
    )


def _chosen(frame: pd.DataFrame, columns: Columns, what: str) -> pd.DataFrame:
    missing = [name for name in columns.names if name not in frame.columns]
    if missing:
        raise Problem(f"{what} has no column {listed(missing)}, which the model takes.")
    return frame[list(columns.names)]


def feeds(rows: Any, columns: Columns, ranks: dict[str, int]) -> dict[str, Any]:
    """Return rows as the inputs of the ONNX model, whose ranks are given by name."""
    if columns.is_tensor:
        (name,) = ranks
        return {name: np.asarray(rows, np.float32)}
    found = {}
    for name in columns.names:
        if name in columns.texts:
            values = rows[name].astype("object").fillna("").astype(str).to_numpy(object)
        else:
            values = rows[name].to_numpy(np.float32)
        found[name] = values.reshape(-1, 1) if ranks[name] > 1 else values
    return found


def as_declared(rows: Any, columns: Columns) -> Any:
    """Return rows in the types of the ONNX model's signature: numbers are doubles."""
    if columns.is_tensor:
        return np.asarray(rows, columns.dtype)
    kinds = {name: "object" if name in columns.texts else "float64" for name in columns.names}
    return rows.astype(kinds)
