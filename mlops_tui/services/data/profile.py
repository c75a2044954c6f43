"""Profiles of tables in files: CSV, TSV, Parquet, JSON Lines, folders of them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlops_tui.domain.data.profile import ColumnProfile, Overlap, TableProfile
from mlops_tui.domain.drift.drift_report import QUANTILES
from mlops_tui.services.data.row_hashes import RowHashes, hash_rows
from mlops_tui.services.data.table_batches import batches
from mlops_tui.services.drift.number_effects import Numbers
from mlops_tui.services.drift.summary import CategoryColumn, Column, NumberColumn
from mlops_tui.services.drift.tables import Progress, summarise_files
from mlops_tui.services.worker.calls import LONG, may_take

BINS = 12
"""Bars of a number."""
MOST_BARS = 12
"""Categories that have a bar."""
MOST_TOP = 5
"""Categories that are named."""
MOST_HASHED = 2_000
"""Columns by which rows are compared: of wider tables the first ones."""
HUGE = 1e150
"""Numbers from here on are drawn a power of two smaller, so that no difference is infinite."""


@may_take(LONG)
def profile_files(
    word: str,
    folder: Path,
    *,
    against: str = "",
    full: bool = False,
    progress: Progress | None = None,
) -> TableProfile:
    """Return what is in the table of a file, a folder or a glob; relative ones lie in ``folder``.

    Of more than 50,000 rows the columns are told from a sample unless it is ``full``. ``against``
    is another table, of which it is counted how many rows occur here. Raises ``NotFound``, and
    ``InvalidInput`` for what is no table.
    """
    summary = summarise_files(word, folder, full=full, progress=progress)
    names = list(summary.columns)
    own = _hashes(word, folder, names, progress)
    values = own.values()
    found = TableProfile(
        path=word,
        rows=summary.rows,
        looked_at=summary.looked_at,
        columns=tuple(_column(each) for each in summary.columns.values()),
        duplicates=_duplicates(values),
        compared=len(values),
        remarks=(*summary.remarks, *_of_width(names)),
    )
    if not against:
        return found
    other = _hashes(against, folder, names, progress)
    return replace(found, overlap=_overlap(against, own, other))


def _hashes(word: str, folder: Path, names: Sequence[str], progress: Progress | None) -> RowHashes:
    found, shown = RowHashes(), names[:MOST_HASHED]
    for table in batches(word, folder, progress=progress):
        found.add(hash_rows(table, shown))
    return found


def _duplicates(values: Any) -> int:
    import numpy as np

    return len(values) - len(np.unique(values))


def _overlap(against: str, own: RowHashes, other: RowHashes) -> Overlap:
    import numpy as np

    bits = max(own.bits, other.bits)
    theirs = other.values(bits)
    shared = np.isin(theirs, own.values(bits))
    return Overlap(against, len(theirs), int(shared.sum()))


def _of_width(names: Sequence[str]) -> tuple[str, ...]:
    if len(names) <= MOST_HASHED:
        return ()
    return (f"Rows are compared by the first {MOST_HASHED:,} of {len(names):,} columns.",)


def _column(column: Column) -> ColumnProfile:
    facts = column.facts
    found = ColumnProfile(
        facts.name, facts.dtype, "", facts.nulls / facts.rows if facts.rows else 0.0
    )
    if isinstance(column, NumberColumn):
        infinite = sum(column.infinite)
        remark = f"{infinite:,} infinite" if infinite else ""
        return _of_numbers(replace(found, kind="number", remark=remark), column.numbers)
    if isinstance(column, CategoryColumn):
        total = float(column.counts.sum()) or 1.0
        return replace(
            found,
            kind="category",
            distinct=len(column.labels),
            bars=tuple(float(each) / total for each in column.counts[:MOST_BARS]),
            top=column.labels[:MOST_TOP],
        )
    return replace(found, remark=column.reason or "no values")


def _of_numbers(found: ColumnProfile, numbers: Numbers) -> ColumnProfile:
    import numpy as np

    if not len(numbers.values):
        return found
    factor = 2.0**600 if max(map(abs, numbers.values[[0, -1]])) > HUGE else 1.0
    scaled = numbers.scaled(factor)
    mean = scaled.mean * factor
    counts, _ = np.histogram(scaled.values, BINS, weights=scaled.weights)
    total = float(counts.sum()) or 1.0
    return replace(
        found,
        distinct=len(np.unique(numbers.values)),
        quantiles=tuple(float(each) for each in numbers.quantiles(QUANTILES)),
        mean=mean,
        bars=tuple(float(each) / total for each in counts),
    )
