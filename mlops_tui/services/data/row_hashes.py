"""Rows as numbers of 64 bits, by which equal rows of tables of any size are found."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mlops_tui.services.drift.column_values import texts

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 5_000_000
"""Rows of a table that are held: 40 MB. Of larger ones a share is, the same of both tables."""

NUMBER = r"^[ \t]*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]{1,3})?[ \t]*$"
"""A text that counts as the number it reads as."""

MISSING = 0x5851F42D4C957F2D
"""The hash of a value that is missing, or empty."""

MIX = 0x9E3779B97F4A7C15
SHIFT = 29


class RowHashes:
    """The hashes of the rows of a table that comes in batches.

    Where there are too many rows, those stay whose hash ends in ``bits`` zeros: equal rows of two
    tables stay in both.
    """

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._parts: list[Any] = []
        self._held = 0
        self.bits = 0
        self.rows = 0

    def add(self, hashes: Any) -> None:
        """Hold the hashes of a batch."""
        self.rows += len(hashes)
        self._hold(hashes)
        while self._held > self._most:
            self.bits += 1
            parts, self._parts, self._held = self._parts, [], 0
            for part in parts:
                self._hold(part)

    def values(self, bits: int = 0) -> Any:
        """Return the hashes that end in at least so many zeros, in their order."""
        import numpy as np

        found = np.concatenate(self._parts) if self._parts else np.empty(0, np.uint64)
        return found[(found & _mask(max(bits, self.bits))) == 0]

    def _hold(self, hashes: Any) -> None:
        kept = hashes[(hashes & _mask(self.bits)) == 0]
        self._parts.append(kept)
        self._held += len(kept)


def hash_rows(table: "pa.Table", names: Sequence[str]) -> Any:
    """Return a number of 64 bits for each row: equal for equal values of these columns.

    A number equals its text, so that a CSV file equals the Parquet file of the same rows.
    """
    import numpy as np
    import pyarrow as pa

    mix, shift = np.uint64(MIX), np.uint64(SHIFT)
    total = np.zeros(len(table), np.uint64)
    for name in names:
        place = table.schema.get_field_index(name)
        column = pa.nulls(len(table)) if place < 0 else table.column(place)
        total = (total ^ (total >> shift)) * mix + _hash_column(column)
    return total ^ (total >> shift)


def _hash_column(column: Any) -> Any:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    values = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if types.is_integer(values.type) or types.is_floating(values.type):
        return _hash_numbers(pc.cast(values, pa.float64(), safe=False))
    if types.is_null(values.type) or not len(values):
        return np.full(len(values), MISSING, np.uint64)
    encoded = pc.dictionary_encode(pc.fill_null(_texts(values), ""))
    return _hash_labels(encoded.dictionary)[np.asarray(encoded.indices)]


def _hash_numbers(doubles: Any) -> Any:
    import numpy as np
    import pyarrow.compute as pc
    from pandas.util import hash_array

    numbers = np.asarray(pc.fill_null(doubles, float("nan"))) + 0.0  # no -0.0
    return np.where(np.isnan(numbers), np.uint64(MISSING), hash_array(numbers))


def _hash_labels(labels: Any) -> Any:
    """Return the hash of each text: of what reads as a number, that of the number."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc
    from pandas.util import hash_array

    is_number = np.asarray(pc.match_substring_regex(labels, NUMBER))
    labelled = np.array(labels.to_pylist(), dtype=object)
    hashes = hash_array(labelled, categorize=False)
    if is_number.any():
        doubles = pc.cast(pc.utf8_trim_whitespace(labels.filter(pa.array(is_number))), pa.float64())
        hashes[is_number] = _hash_numbers(doubles)
    return np.where(labelled == "", np.uint64(MISSING), hashes)


def _texts(values: Any) -> Any:
    import pyarrow as pa
    import pyarrow.compute as pc
    from pyarrow import types

    if types.is_binary(values.type) or types.is_large_binary(values.type):
        return texts(values)
    try:
        return pc.cast(values, pa.string())
    except pa.ArrowException:
        return pa.array([None if each is None else str(each) for each in values.to_pylist()])


def _mask(bits: int) -> Any:
    import numpy as np

    return np.uint64((1 << bits) - 1)
