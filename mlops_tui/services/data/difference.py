"""The difference of two versions of a table in files, in bounded memory."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlops_tui.domain.data.difference import ChangedRow, KeyDifference, TableDifference
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.services.data.row_hashes import RowHashes, hash_rows
from mlops_tui.services.data.table_batches import batches
from mlops_tui.services.drift.comparison import compare
from mlops_tui.services.drift.summary import Summary
from mlops_tui.services.drift.tables import Progress, summarise_files
from mlops_tui.services.worker.calls import LONG, may_take

SHOWN = 20
"""Changed rows that are shown."""
MOST_KEYS = 5_000_000
"""Rows of each version that are looked at by their key: 80 MB."""
MOST_COLUMNS = 2_000
"""Columns by which rows are compared: of wider tables the first ones."""

Keyed = tuple[Any, Any]
"""The hashes of the keys in ascending order, each once, with those of their rows."""


@may_take(LONG)
def compare_files(
    before: str,
    after: str,
    folder: Path,
    *,
    key: Sequence[str] = (),
    full: bool = False,
    progress: Progress | None = None,
) -> TableDifference:
    """Return what differs between two tables, relative ones in ``folder``.

    Rows are the same by their ``key`` columns, without those only by all their values. Raises
    ``NotFound``, and ``InvalidInput`` for what is no table or lacks a column of the key.
    """
    ours = summarise_files(before, folder, full=full, progress=progress)
    theirs = summarise_files(after, folder, like=ours, full=full, progress=progress)
    for name in key:
        _refuse_missing(name, ours, before)
        _refuse_missing(name, theirs, after)
    shared = [name for name in ours.columns if name in theirs.columns]
    names = shared[:MOST_COLUMNS]
    removed, added, is_whole = _by_content((before, after), folder, names, progress)
    types = [
        (name, ours.columns[name].facts.dtype, theirs.columns[name].facts.dtype) for name in shared
    ]
    remarks = [*ours.remarks, *theirs.remarks]
    remarks += [] if is_whole else ["Rows added and removed are estimated from a share of them."]
    if len(names) < len(shared):
        remarks.append(f"Rows are compared by the first {len(names):,} of {len(shared):,} columns.")
    keys = _by_key((before, after), folder, tuple(key), names, progress) if key else None
    return TableDifference(
        before=before,
        after=after,
        rows_before=ours.rows,
        rows_after=theirs.rows,
        added_columns=tuple(name for name in theirs.columns if name not in ours.columns),
        removed_columns=tuple(name for name in ours.columns if name not in theirs.columns),
        changed_types=tuple(each for each in types if each[1] != each[2]),
        removed_rows=removed,
        added_rows=added,
        drift=compare(ours, theirs),
        keys=keys,
        remarks=tuple(dict.fromkeys(remarks)),
    )


def _refuse_missing(name: str, table: Summary, path: str) -> None:
    if name not in table.columns:
        has = ", ".join(list(table.columns)[:8])
        raise InvalidInput(f"{path} has no column {name!r}; it has {has}.")


def _by_content(
    both: tuple[str, str], folder: Path, names: Sequence[str], progress: Progress | None
) -> tuple[int, int, bool]:
    """Return how many rows were removed and added; then whether all of them were counted."""
    import numpy as np

    found = []
    for word in both:
        hashes = RowHashes()
        for table in batches(word, folder, progress=progress):
            hashes.add(hash_rows(table, names))
        found.append(hashes)
    bits = max(each.bits for each in found)
    (ours, of_ours), (theirs, of_theirs) = (
        np.unique(each.values(bits), return_counts=True) for each in found
    )
    common, left, right = np.intersect1d(ours, theirs, assume_unique=True, return_indices=True)
    same = int(np.minimum(of_ours[left], of_theirs[right]).sum()) if len(common) else 0
    scale = 1 << bits
    return (int(of_ours.sum()) - same) * scale, (int(of_theirs.sum()) - same) * scale, not bits


def _by_key(
    both: tuple[str, str],
    folder: Path,
    key: tuple[str, ...],
    names: Sequence[str],
    progress: Progress | None,
) -> KeyDifference:
    import numpy as np

    (ours, first), (theirs, second) = (_keyed(word, folder, key, names, progress) for word in both)
    _, left, right = np.intersect1d(ours[0], theirs[0], assume_unique=True, return_indices=True)
    changed = ours[0][left][ours[1][left] != theirs[1][right]]
    wanted = changed[:SHOWN]
    rows = [_rows(word, folder, key, names, wanted) for word in both] if len(wanted) else [{}, {}]
    return KeyDifference(
        key,
        added=len(theirs[0]) - len(left),
        removed=len(ours[0]) - len(left),
        changed=len(changed),
        rows=tuple(_changed(each, rows[0], rows[1], key) for each in wanted),
        repeated=first + second,
    )


def _keyed(
    word: str,
    folder: Path,
    key: Sequence[str],
    names: Sequence[str],
    progress: Progress | None,
) -> tuple[Keyed, int]:
    """Return keys with rows, the last row of each key; then how many keys were repeated."""
    import numpy as np

    keys, rows, count = [], [], 0
    for table in batches(word, folder, progress=progress):
        keys.append(hash_rows(table, key))
        rows.append(hash_rows(table, names))
        count += len(table)
        if count > MOST_KEYS:
            raise InvalidInput(
                f"{word} has more than {MOST_KEYS:,} rows, too many to compare by a key.",
                "Leave --key out.",
            )
    if not keys:
        return (np.empty(0, np.uint64), np.empty(0, np.uint64)), 0
    backwards = np.concatenate(keys)[::-1]
    found, places = np.unique(backwards, return_index=True)
    return (found, np.concatenate(rows)[::-1][places]), count - len(found)


def _rows(
    word: str, folder: Path, key: Sequence[str], names: Sequence[str], wanted: Any
) -> dict[int, Mapping[str, str]]:
    """Return the rows whose keys have these hashes, the last one of each."""
    import numpy as np
    import pyarrow as pa

    found: dict[int, Mapping[str, str]] = {}
    for table in batches(word, folder):
        hashes = hash_rows(table, key)
        places = np.flatnonzero(np.isin(hashes, wanted))
        shown = [name for name in names if name in table.column_names]
        for place, row in zip(
            places, table.select(shown).take(pa.array(places)).to_pylist(), strict=True
        ):
            found[int(hashes[place])] = {name: _text(value) for name, value in row.items()}
    return found


def _changed(
    hashed: Any,
    ours: Mapping[int, Mapping[str, str]],
    theirs: Mapping[int, Mapping[str, str]],
    key: Sequence[str],
) -> ChangedRow:
    before, after = ours.get(int(hashed), {}), theirs.get(int(hashed), {})
    pairs = {name: (text, after.get(name, "")) for name, text in before.items()}
    cells = {name: pair for name, pair in pairs.items() if not _is_same(*pair)}
    return ChangedRow(tuple(before.get(name, "") for name in key), cells)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    return "" if value is None else str(value)


def _is_same(before: str, after: str) -> bool:
    """Return whether two values are equal; numbers are, however they are written."""
    if before == after:
        return True
    try:
        return float(before) == float(after)
    except ValueError:
        return False
