"""Columns in the types that a model takes, as Spark computes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from ..problem import Problem
from .columns import NO_VALUE, WHOLE

if TYPE_CHECKING:
    from .columns import Column

NAMES = {
    pa.bool_(): "boolean",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float32(): "float",
    pa.float64(): "double",
    pa.string(): "string",
    pa.binary(): "binary",
    pa.timestamp("ns"): "timestamp_ntz",
}
"""What Arrow's types are in Spark's SQL."""


def quoted(name: str) -> str:
    """Return the name of a column for Spark, which reads a dot as a part of a structure."""
    return f"`{name.replace('`', '``')}`"


def typed(frame: Any, column: Column) -> Any:
    """Return a column in its type; a value that has none ends the job. Raises ``Problem``."""
    from pyspark.sql import functions as F  # noqa: N812 - as its documentation has it

    value, name = F.col(quoted(column.name)), column.name
    if column.kind is None:
        if column.for_model:
            raise Problem(f"Spark takes no list or object as the model does ({name}).")
        return value
    wanted, has = NAMES.get(column.kind, ""), dict(frame.dtypes)[name]
    if not column.for_model or has == wanted:
        return value
    is_text, is_whole = has in ("string", "binary"), pa.types.is_integer(column.kind)
    given = _tidied(value.cast("string"), is_whole=is_whole) if is_text else value
    found = given.try_cast(wanted)
    is_bad = given.isNotNull() & found.isNull()
    if is_text and pa.types.is_floating(column.kind):
        is_bad |= given.rlike(r"[\d.][dDfF]$")  # 1d, as in Java
    if is_whole and has in ("float", "double"):
        is_bad |= found.cast("double") != given
    words = F.concat(F.lit(f"{name}: '"), given.cast("string"), F.lit(f"' is no {column.kind}"))
    return F.when(is_bad, F.raise_error(words)).otherwise(found).alias(name)


def _tidied(text: Any, *, is_whole: bool) -> Any:
    """Return text without the spaces around it, null where it says that there is no value."""
    from pyspark.sql import functions as F  # noqa: N812

    text = F.regexp_replace(text, r"^\s+|\s+$", "")
    text = F.when(~text.isin(NO_VALUE.to_pylist()), text)
    # A sign that is not there is an empty group.
    return F.regexp_replace(text, WHOLE, "$1$2") if is_whole else text
