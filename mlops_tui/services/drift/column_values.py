"""Arrow values of any type as numbers or as labels."""

from typing import Any

from mlops_tui.domain.drift.drift_report import FeatureKind

UNITS = {"s": 1.0, "ms": 1e3, "us": 1e6, "ns": 1e9}
"""Units of a time in a second."""
DAY = 86_400.0
LONGEST = 200
"""Bytes of a label; longer ones that begin alike are one."""
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^[+-]?(?i:inf|infinity|nan)$"
NO_VALUE = ("", "NA", "N/A", "#N/A", "n/a", "nan", "NaN", "NAN", "null", "NULL", "None")
"""Texts that mean a missing number, as pandas takes them."""
MOSTLY = 0.9
"""The share of numbers among the first texts of a column that makes it one of numbers."""
TRUTHS = {"true": "true", "false": "false", "1": "true", "0": "false"}
UNFIT = (ValueError, NotImplementedError, TypeError)
"""What Arrow raises where values are not of the type that they should be."""


def kind_of(dtype: Any) -> FeatureKind | None:
    """Return what values of a type are compared as, None where they are not."""
    from pyarrow import types

    if types.is_dictionary(dtype):
        return kind_of(dtype.value_type)
    if types.is_boolean(dtype) or is_text(dtype):
        return FeatureKind.CATEGORY
    is_number = types.is_integer(dtype) or types.is_floating(dtype) or types.is_decimal(dtype)
    is_time = types.is_temporal(dtype) and not types.is_interval(dtype)
    return FeatureKind.NUMBER if is_number or is_time else None


def is_text(dtype: Any) -> bool:
    """Return whether values of a type are text."""
    from pyarrow import types

    is_view = getattr(types, "is_string_view", lambda _: False)(dtype)
    return bool(types.is_string(dtype) or types.is_large_string(dtype) or is_view)


def in_one_chunk(values: Any) -> Any:
    """Return values in one chunk, unless they are too large: each function takes time per chunk."""
    import pyarrow as pa

    try:
        return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    except pa.ArrowException:
        return values


def texts(values: Any) -> Any:
    """Return text or bytes as text, with a sign for what is not UTF-8."""
    import pyarrow as pa

    try:
        return values.cast(pa.binary()).cast(pa.string())
    except UNFIT:
        found = values.cast(pa.binary()).to_pylist()
        return pa.array([x and x.decode(errors="replace") for x in found], pa.string())


def type_of_texts(values: Any) -> Any:
    """Return the type that texts seem to have: double, timestamp, bool or string."""
    import pyarrow as pa
    import pyarrow.compute as pc

    stripped = pc.utf8_trim_whitespace(values)
    present = stripped.filter(pc.invert(pc.is_in(stripped, pa.array(NO_VALUE))))
    if not len(present):
        return pa.string()
    if pc.mean(pc.match_substring_regex(present, NUMBER)).as_py() >= MOSTLY:
        return pa.float64()
    if times_of_texts(present) is not None:
        return utc_time()
    is_truth = pc.is_in(pc.utf8_lower(present), pa.array(["true", "false"]))
    return pa.bool_() if pc.all(is_truth).as_py() else pa.string()


def utc_time() -> Any:
    """Return the type of times that texts are read as."""
    import pyarrow as pa

    return pa.timestamp("us", "UTC")


def times_of_texts(values: Any) -> Any:
    """Return texts as times, None where one of them is none in the form of ISO 8601."""
    import pyarrow as pa

    for kind in (pa.timestamp("us"), utc_time()):
        try:
            return values.cast(kind)
        except UNFIT:
            continue
    return None


def numbers(values: Any, dtype: Any) -> tuple[Any, int]:
    """Return values as doubles, and how many texts among them are no numbers.

    Missing ones are left out or NaN. ``dtype`` is the type of the column, which texts are read as.
    Raises an error of Arrow where the values are of no type that can be a number.
    """
    import pyarrow as pa
    from pyarrow import types

    kind = values.type
    if is_text(kind):
        return _numbers_of_texts(texts(values), dtype)
    if types.is_timestamp(kind) or types.is_time(kind) or types.is_duration(kind):
        whole = values.cast(pa.int32()) if types.is_time32(kind) else values
        return _doubles(whole.cast(pa.int64())) / UNITS[kind.unit], 0
    if types.is_date32(kind):
        return _doubles(values.cast(pa.int32())) * DAY, 0
    if types.is_date64(kind):
        return _doubles(values.cast(pa.int64())) / UNITS["ms"], 0
    if types.is_boolean(kind):
        values = values.cast(pa.int8())
    elif types.is_float16(kind):
        return values.to_numpy(zero_copy_only=False).astype(float), 0
    return _doubles(values), 0


def _doubles(values: Any) -> Any:
    import pyarrow as pa

    return values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)


def _numbers_of_texts(values: Any, dtype: Any) -> tuple[Any, int]:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    stripped = pc.utf8_trim_whitespace(values)
    present = stripped.filter(pc.invert(pc.is_in(stripped, pa.array(NO_VALUE))))
    if types.is_temporal(dtype):
        times = times_of_texts(present)
        return (np.empty(0), len(present)) if times is None else numbers(times, dtype)
    is_number = pc.match_substring_regex(present, NUMBER)
    readable = present.filter(is_number)
    bare = pc.utf8_ltrim(readable, "+")
    return _doubles(bare), len(present) - len(readable)


def labels(values: Any, dtype: Any) -> tuple[list[str], Any]:
    """Return the labels of values without nulls, and how often each is there.

    ``dtype`` is the type of the column; among truth values 1 and 0 are true and false, too.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    kind = values.type
    if types.is_floating(kind):
        values = values.filter(pc.invert(pc.is_nan(values)))
    if is_text(kind) and pc.max(pc.binary_length(values)).as_py() not in range(LONGEST + 1):
        values = pc.binary_slice(values.cast(pa.binary()), 0, LONGEST)
    elif not is_text(kind) and not types.is_binary(kind):
        values = values.cast(pa.float64()) if types.is_float16(kind) else values
    counted = values.value_counts()
    found = [_label(each) for each in _plain(counted.field("values"))]
    if types.is_boolean(dtype):
        found = [TRUTHS.get(each.lower(), each) for each in found]
    return found, counted.field("counts").to_numpy(zero_copy_only=False)


def _plain(values: Any) -> list[Any]:
    """Return values as Python has them; of what it has no type for, or is no UTF-8, the text."""
    import pyarrow as pa

    if is_text(values.type):
        values = values.cast(pa.binary())
    try:
        return list(values.to_pylist())
    except (ValueError, OverflowError):
        return [str(each) for each in values.cast(pa.string()).to_pylist()]


def _label(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
