"""The answers of a model to rows; a batch that fails is halved down to the rows that fail."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from ..problem import Problem, in_words, listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlflow.pyfunc import PyFuncModel

    from .columns import Column
    from .source import Batch

PREDICTION = "prediction"


class TooManyBad(Problem):
    """More rows failed than are let pass."""


class Scorer:
    """Asks a model; all answers have the columns and types of the first ones."""

    def __init__(
        self,
        function: PyFuncModel,
        columns: Sequence[Column],
        kept: Sequence[str],
        schema: pa.Schema | None,
    ) -> None:
        self._function = function
        self._asked = [column.name for column in columns if column.for_model]
        self._kept = list(kept)
        self._schema = None if schema is None else pa.schema(list(schema)[len(kept) :])
        """Of the answers; None before the first ones."""

    def rows(self, batch: Batch, most_bad: float) -> tuple[pa.Table, dict[int, str]]:
        """Return the kept columns with an answer a row, and why which rows have none.

        Raises ``TooManyBad`` as soon as more than ``most_bad`` rows have failed.
        """
        answers, bad = self._answers(batch, most_bad)
        kept = plain_table(batch.table.select(self._kept))
        schema = pa.schema([*kept.schema, *answers.schema])
        return pa.Table.from_arrays([*kept.columns, *answers.columns], schema=schema), bad

    def _answers(self, batch: Batch, most_bad: float) -> tuple[pa.Table, dict[int, str]]:
        bad = dict(batch.bad)
        _refuse(bad, most_bad)
        table = batch.table.select(self._asked)
        good = [row for row in range(len(batch)) if row not in bad] if bad else range(len(batch))
        if bad:
            table = table.take(pa.array(good, pa.int64()))
        found: list[pa.Table | None] = []
        for first, answered, why in self._halved(table.to_pandas(), 0):
            found.append(answered)
            if answered is None:
                bad[good[first]] = why
                _refuse(bad, most_bad)
        schema = self._schema
        if schema is None:
            raise TooManyBad(f"{next(iter(bad.values()))}.")
        empty = pa.Table.from_arrays([pa.nulls(1, field.type) for field in schema], schema=schema)
        whole = pa.concat_tables([empty if part is None else part for part in found] or [empty[:0]])
        return _spread(whole, batch, good) if batch.bad else whole, bad

    def _halved(
        self, frame: pd.DataFrame, first: int
    ) -> Iterator[tuple[int, pa.Table | None, str]]:
        """Yield the answers to rows, None for a row that fails, with the reason."""
        if not len(frame):
            return
        try:
            answered = self._ask(frame)
        except Exception as error:  # noqa: BLE001 - predicting runs foreign code
            if len(frame) == 1:
                yield first, None, in_words(error)
                return
        else:
            yield first, answered, ""
            return
        middle = len(frame) // 2
        yield from self._halved(frame.iloc[:middle].reset_index(drop=True), first)
        yield from self._halved(frame.iloc[middle:].reset_index(drop=True), first + middle)

    def _ask(self, frame: pd.DataFrame) -> pa.Table:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answered = as_table(self._function.predict(frame))
        if len(answered) != len(frame):
            raise ValueError(f"{len(answered):,} answers to {len(frame):,} rows")
        answered = answered.rename_columns(beside(answered.column_names, self._kept))
        if self._schema is None:
            self._schema = answered.schema
        elif answered.column_names != self._schema.names:
            names = listed(answered.column_names)
            raise ValueError(f"it answers {names}, before {listed(self._schema.names)}")
        return answered.cast(self._schema)


def as_table(answered: Any) -> pa.Table:
    """Return what a model answers, as a table."""
    if hasattr(answered, "toarray"):  # of scipy
        answered = answered.toarray()
    if isinstance(answered, pd.DataFrame):
        frame = answered.rename(columns=str)
        found = pa.Table.from_pandas(frame, preserve_index=False)
    elif isinstance(answered, dict):
        found = pa.table({str(name): _array(values) for name, values in answered.items()})
    elif isinstance(answered, np.ndarray) and answered.ndim == 2:  # noqa: PLR2004 - rows, columns
        width = answered.shape[1]
        names = [PREDICTION] if width == 1 else [f"{PREDICTION}_{n}" for n in range(width)]
        found = pa.table({name: _array(answered[:, n]) for n, name in enumerate(names)})
    else:
        found = pa.table({PREDICTION: _array(answered)})
    return plain_table(found)


def plain_table(table: pa.Table) -> pa.Table:
    """Return a table in the types in which its values are written."""
    return table.cast(pa.schema([(field.name, _plain(field.type)) for field in table.schema]))


def _plain(kind: pa.DataType) -> pa.DataType:
    """Return the type in which values of a type are written, whichever values come later."""
    if pa.types.is_dictionary(kind):  # pandas: categorical
        return _plain(kind.value_type)
    return pa.string() if kind == pa.null() else kind


def beside(names: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Return the names of answers, changed where a kept column has the same."""
    found: list[str] = []
    for name in names:
        free = name
        while free in taken or free in found:
            free += "_predicted"
        found.append(free)
    return found


def _array(values: Any) -> Any:
    if isinstance(values, np.ndarray) and values.ndim > 1:
        return pa.array(values.tolist())
    if isinstance(values, pd.Series):
        return pa.Array.from_pandas(values)
    return pa.array(values)


def _spread(answers: pa.Table, batch: Batch, good: Sequence[int]) -> pa.Table:
    """Return answers with nulls for the rows that the model was not asked about."""
    places: list[int | None] = [None] * len(batch)
    for place, row in enumerate(good):
        places[row] = place
    return answers.take(pa.array(places, pa.int64()))


def _refuse(bad: dict[int, str], most: float) -> None:
    if len(bad) > most:
        raise TooManyBad(next(iter(bad.values())))
