"""Gathers one column, batch by batch, in bounded memory."""

from dataclasses import replace
from typing import Any

from mlops_tui.domain.drift.drift_report import FeatureKind
from mlops_tui.services.drift import column_values
from mlops_tui.services.drift.number_effects import Numbers
from mlops_tui.services.drift.summary import (
    CategoryColumn,
    Column,
    ColumnFacts,
    NumberColumn,
    OtherColumn,
)

MOST_LABELS = 100_000
"""Distinct labels that are counted; with more, a column is text."""
MANY = 100
"""Up to so many distinct labels a column is never text."""
TEXT_SHARE = 0.5
"""A column is text where more than this share of its values is distinct."""


class GatheredColumn:
    """The values of a column so far.

    ``like`` is the column of the reference, as whose kind the values are read. ``most`` is how many
    numbers are kept as they are; with more, neighbours are kept as one that counts for all.
    """

    def __init__(self, name: str, like: Column | None, most: int, *, is_typed: bool) -> None:
        self._name = name
        self._like = like
        self._most = most
        self._is_typed = is_typed
        self._rows = self._nulls = self._unreadable = 0
        self._dtype: Any = None
        self._kind: FeatureKind | None = None
        self._reason = ""
        self._numbers = GatheredNumbers(most)
        self._labels: dict[str, int] = {}

    def add(self, values: Any) -> None:
        """Take the values of one batch, an array of Arrow."""
        from pyarrow import types

        self._rows += len(values)
        present = column_values.in_one_chunk(values).drop_null()
        if types.is_dictionary(present.type):
            present = present.cast(present.type.value_type)
        self._nulls += len(values) - len(present)
        if self._dtype is None and self._is_typed and not types.is_null(present.type):
            self._decide(present.type)
        if self._reason or not len(present):
            return
        if not self._is_typed and _is_bytes_or_text(present.type):
            present = column_values.texts(present)
        if self._dtype is None:
            is_text = column_values.is_text(present.type)
            self._decide(column_values.type_of_texts(present) if is_text else present.type)
        try:
            self._take(present)
        except column_values.UNFIT:
            self._reason = f"{present.type}, which is not compared"

    def _decide(self, dtype: Any) -> None:
        self._dtype = dtype
        self._kind = column_values.kind_of(dtype)
        if isinstance(self._like, NumberColumn) and self._kind:
            self._kind = FeatureKind.NUMBER
        if isinstance(self._like, CategoryColumn) and self._kind:
            self._kind = FeatureKind.CATEGORY

    def _take(self, present: Any) -> None:
        import numpy as np

        if column_values.kind_of(present.type) is None:
            self._reason = f"{present.type}, which is not compared"
        elif self._kind is FeatureKind.NUMBER:
            found, unreadable = column_values.numbers(present, self._type_of_texts)
            self._unreadable += unreadable
            is_missing = np.isnan(found)
            self._nulls += len(present) - len(found) + int(is_missing.sum())
            self._numbers.add(found[~is_missing] if is_missing.any() else found)
        else:
            self._count(*column_values.labels(present, self._type_of_labels))

    @property
    def _type_of_texts(self) -> Any:
        is_time = self._like is not None and self._like.facts.dtype.startswith(
            ("timestamp", "date")
        )
        return column_values.utc_time() if is_time else self._dtype

    @property
    def _type_of_labels(self) -> Any:
        import pyarrow as pa

        is_truth = self._like is not None and self._like.facts.dtype == "bool"
        return pa.bool_() if is_truth else self._dtype

    def _count(self, labels: list[str], counts: Any) -> None:
        for label, count in zip(labels, counts.tolist(), strict=True):
            self._labels[label] = self._labels.get(label, 0) + count
        if len(self._labels) > MOST_LABELS:
            self._reason = f"text with more than {MOST_LABELS:,} distinct values: not compared"
            self._labels = {}

    def summary(self) -> Column:
        """Return what was gathered."""
        import numpy as np

        facts = ColumnFacts(self._name, str(self._dtype or "null"), self._rows, self._nulls)
        present = self._rows - self._nulls
        if self._reason:
            return OtherColumn(facts, self._reason)
        if not present + self._unreadable:
            return OtherColumn(facts, "")
        if self._kind is FeatureKind.NUMBER:
            if self._unreadable * 2 > present + self._unreadable:
                reason = f"{self._unreadable:,} texts that are no numbers"
                return OtherColumn(replace(facts, nulls=self._nulls - self._unreadable), reason)
            return NumberColumn(facts, *self._numbers.result(), self._unreadable)
        if not isinstance(self._like, CategoryColumn) and self._is_text(present):
            reason = f"text with {len(self._labels):,} distinct values: not compared"
            return OtherColumn(facts, reason)
        ordered = sorted(self._labels.items(), key=lambda each: (-each[1], each[0]))
        counts = np.array([count for _, count in ordered], np.int64)
        return CategoryColumn(facts, tuple(label for label, _ in ordered), counts)

    def _is_text(self, present: int) -> bool:
        return len(self._labels) > max(MANY, TEXT_SHARE * present)


def _is_bytes_or_text(dtype: Any) -> bool:
    from pyarrow import types

    return bool(types.is_binary(dtype) or column_values.is_text(dtype))


class GatheredNumbers:
    """Numbers so far: all of them, or beyond a limit ``most`` / 2 that stand for their neighbours.

    Each time that happens, the share of numbers below any place changes by at most 2 / ``most``.
    """

    def __init__(self, most: int) -> None:
        import numpy as np

        self._most = most
        self._pending: list[Any] = []
        self._count = 0
        self._kept = Numbers(np.empty(0))
        self._infinite = [0, 0]

    def add(self, values: Any) -> None:
        """Take numbers without NaN."""
        import numpy as np

        is_finite = np.isfinite(values)
        if not is_finite.all():
            self._infinite[0] += int((values == -np.inf).sum())
            self._infinite[1] += int((values == np.inf).sum())
            values = values[is_finite]
        self._pending.append(values)
        self._count += len(values)
        if self._count > self._most:
            self._kept = _condensed(self._merged(), self._most // 2)
            self._pending, self._count = [], len(self._kept.values)

    def result(self) -> tuple[Numbers, tuple[int, int]]:
        """Return the finite numbers, ascending, and how many are -∞ and ∞."""
        return self._merged(), (self._infinite[0], self._infinite[1])

    def _merged(self) -> Numbers:
        import numpy as np

        values = np.concatenate((self._kept.values, *self._pending))
        if self._kept.weights is None:
            values.sort()
            return Numbers(values)
        ones = np.ones(len(values) - len(self._kept.values))
        order = np.argsort(values, kind="stable")
        return Numbers(values[order], np.concatenate((self._kept.weights, ones))[order])


def _condensed(numbers: Numbers, most: int) -> Numbers:
    """Return so many numbers that count for as many; the lowest and the highest stay."""
    import numpy as np

    inner = Numbers(
        numbers.values[1:-1], None if numbers.weights is None else numbers.weights[1:-1]
    )
    share = inner.total / (most - 2)
    middles = inner.quantiles((np.arange(most - 2) + 0.5) / (most - 2))
    ends = numbers.values[[0, -1]]
    weights = [1.0, 1.0] if numbers.weights is None else numbers.weights[[0, -1]].tolist()
    return Numbers(
        np.concatenate((ends[:1], middles, ends[1:])),
        np.concatenate((weights[:1], np.full(most - 2, share), weights[1:])),
    )
