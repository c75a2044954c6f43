"""The columns and types of a model's answers, found by asking it about the first rows."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from ..problem import Problem, in_words
from .predictions import as_table, beside, plain_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlflow.pyfunc import PyFuncModel

    from .source import Source

FIRST_ROWS = 100
"""Rows that the model is asked about here, before Spark starts."""
SPARK_TYPES = {
    pa.bool_(): "BooleanType",
    **dict.fromkeys((pa.int8(), pa.int16(), pa.int32(), pa.uint8(), pa.uint16()), "IntegerType"),
    pa.int64(): "LongType",
    pa.float32(): "FloatType",
    pa.float64(): "DoubleType",
    **dict.fromkeys((pa.string(), pa.large_string()), "StringType"),
}
"""Names of Spark's types that ``spark_udf`` gives back, by those of Arrow."""


@dataclass(frozen=True)
class Answers:
    """What the answers look like, and which columns of the input stand before them."""

    kept: tuple[str, ...]
    schema: pa.Schema
    """Of the output: kept columns, then answers."""
    names: tuple[str, ...]
    """Of the answers, as the model has them."""
    shape: str
    """``one`` column, a ``matrix``, or a ``frame`` with names."""

    def result_type(self) -> Any:
        """Return what Spark is told that the model answers."""
        from pyspark.sql import types

        kinds = list(self.schema.types[len(self.kept) :])
        spark = [getattr(types, SPARK_TYPES[kind])() for kind in kinds]
        if self.shape == "frame":
            pairs = zip(self.names, spark, strict=True)
            return types.StructType([types.StructField(name, kind) for name, kind in pairs])
        return types.ArrayType(spark[0]) if self.shape == "matrix" else spark[0]

    def columns(self, answer: Any) -> list[Any]:
        """Return a column for each part of what Spark's function gives back."""
        if self.shape == "one":
            return [answer]
        is_frame = self.shape == "frame"
        return [answer.getItem(name if is_frame else n) for n, name in enumerate(self.names)]


def first_answers(source: Source, function: PyFuncModel, kept: Sequence[str]) -> Answers:
    """Ask the model about the first rows. Raises ``Problem`` where it fails, or Spark would."""
    _refuse_signature(function.metadata.signature)
    batch = next(source.batches(FIRST_ROWS, 0), None)
    if batch is None:
        raise Problem("There are no rows to score.")
    for row, why in sorted(batch.bad.items()):
        file, number = batch.place(row)
        raise Problem(f"Row {number:,} of {file}: {why}")
    asked = [column.name for column in source.columns if column.for_model]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            answered = function.predict(batch.table.select(asked).to_pandas())
            found = as_table(answered)
    except Exception as error:  # noqa: BLE001 - predicting runs foreign code
        raise Problem(f"The model fails on the first rows: {in_words(error)}") from None
    for field in found.schema:
        if field.type not in SPARK_TYPES:
            raise Problem(
                f"The model answers {field.name} as {field.type}, which Spark does not give back. "
                "Score without --engine spark."
            )
    before = plain_table(batch.table.select(list(kept))).schema
    names = beside(found.column_names, kept)
    after = [pa.field(name, kind) for name, kind in zip(names, found.schema.types, strict=True)]
    schema = pa.schema([*before, *after])
    return Answers(tuple(kept), schema, tuple(found.column_names), _shape(answered, found))


def _shape(answered: Any, table: pa.Table) -> str:
    if isinstance(answered, (pd.DataFrame, dict)):
        return "frame"
    return "matrix" if table.num_columns > 1 else "one"


def _refuse_signature(signature: Any) -> None:
    """Raise ``Problem`` where the model does not name its columns, with plain types."""
    schema = signature and signature.inputs
    if not schema or schema.is_tensor_spec() or not schema.has_input_names():
        raise Problem(
            "Spark takes only models whose signature names their columns. "
            "Score without --engine spark."
        )
