"""Summarises tables: of Arrow, or in files of any size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.services.drift.column_gathering import GatheredColumn
from mlops_tui.services.drift.column_values import kind_of
from mlops_tui.services.drift.sampling import SAMPLE, Sample
from mlops_tui.services.drift.summary import Column, ColumnFacts, OtherColumn, Summary

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

    from mlops_tui.services.model_programs.batch_program.source import Rows

AT_ONCE = 65_536
"""Rows that are read at once, fewer of wide tables."""
CELLS = 4_000_000
"""Cells that are read at once."""
PIECES = 64
"""Small pieces that are joined: each takes time for each column. Those of a CSV file are 1 MiB."""
KEPT = 40_000_000
"""Numbers that are kept of all columns together; beyond, neighbours are counted as one."""
PANDAS_INDEX = re.compile(r"__index_level_\d+__")

Progress = Callable[[float], None]


def summarise(
    batches: Iterable[pa.Table | pa.RecordBatch],
    *,
    like: Summary | None = None,
    full: bool = False,
    is_typed: bool = True,
    expected_rows: int | None = None,
) -> Summary:
    """Return the summary of a table that comes in batches, whose columns may differ.

    Values are read as of the kinds that the columns of ``like``, the reference, have. Of more than
    ``SAMPLE`` rows a sample is used unless ``full``. Text that ``is_typed`` is never a number.
    """
    import pyarrow as pa

    sample = Sample(SAMPLE, expected_rows)
    gathered: dict[str, GatheredColumn] = {}
    looked_at = 0
    tables = (pa.table(each) if isinstance(each, pa.RecordBatch) else each for each in batches)
    drawn = tables if full else _drawn(tables, sample)
    for table in drawn:
        most = max(SAMPLE, KEPT // max(1, table.num_columns))
        for name in dict.fromkeys(table.column_names):
            if name not in gathered:
                known = like.columns.get(name) if like else None
                gathered[name] = GatheredColumn(name, known, most, is_typed=is_typed)
                if looked_at:
                    gathered[name].add(pa.nulls(looked_at))
        for name, column in gathered.items():
            place = table.schema.get_field_index(name)
            column.add(pa.nulls(len(table)) if place < 0 else table.column(place))
        looked_at += len(table)
    rows = looked_at if full else sample.rows
    return Summary(rows, looked_at, {name: each.summary() for name, each in gathered.items()})


def _drawn(tables: Iterable[pa.Table], sample: Sample) -> Iterator[pa.Table]:
    for table in tables:
        sample.add(table)
    yield from sample.tables()


def summarise_files(
    word: str | Path,
    folder: Path,
    *,
    like: Summary | None = None,
    full: bool = False,
    columns: Sequence[str] = (),
    progress: Progress | None = None,
) -> Summary:
    """Return the summary of the rows of a file, a folder of files, or a glob.

    Raises ``NotFound`` where there is no such file, ``InvalidInput`` where one cannot be read.
    ``columns`` are those that are read, all by default; ``progress`` hears which share has been.
    """
    from mlops_tui.services.model_programs.batch_program.source import find_files, reader_of
    from mlops_tui.services.model_programs.problem import Problem

    try:
        files = find_files([str(word)], folder)
    except Problem as problem:
        raise NotFound(str(problem)) from None
    try:
        table = TableFiles([reader_of(path) for path in files], columns)
        summary = summarise(
            table.batches(progress or (lambda _share: None)),
            like=like,
            full=full,
            is_typed=table.is_parquet,
            expected_rows=table.expected_rows,
        )
    except Problem as problem:
        raise InvalidInput(str(problem)) from None
    known = {**_without_values(table.names), **table.unread, **summary.columns}
    found = {name: known[name] for name in table.names}
    return replace(summary, columns=found, remarks=table.remarks)


def _without_values(names: Sequence[str]) -> dict[str, Column]:
    """Return the columns of a table that has no rows."""
    return {name: OtherColumn(ColumnFacts(name, "null", 0, 0), "") for name in names}


class TableFiles:
    """The rows of files as one table; nested columns are not read."""

    def __init__(self, readers: Sequence[Rows], columns: Sequence[str]) -> None:
        """Take the columns that are asked for; raises ``Problem`` where one is missing or twice."""
        from mlops_tui.services.model_programs.batch_program.columns import refuse_missing
        from mlops_tui.services.model_programs.batch_program.parquet_file import ParquetRows

        self._readers = readers
        self.is_parquet = all(isinstance(each, ParquetRows) for each in readers)
        self._broken = 0
        for reader in readers:
            refuse_missing(columns or reader.names, reader.names, reader.path.name)
        names = dict.fromkeys(name for reader in readers for name in reader.names)
        self.names = [name for name in names if not columns or name in columns]
        self.unread: dict[str, Column] = {}
        for reader in readers:
            self._leave_out_nested(reader)

    def _leave_out_nested(self, reader: Rows) -> None:
        for name in reader.names:
            dtype = reader.kind_kept(name)
            reason = "" if kind_of(dtype) else f"{dtype}, which is not compared"
            if PANDAS_INDEX.fullmatch(name):
                reason = "the index of pandas, which is not compared"
            if reason:
                self.unread[name] = OtherColumn(ColumnFacts(name, str(dtype), 0, 0), reason)

    @property
    def expected_rows(self) -> int | None:
        """How many rows there are, None where that is not known."""
        return sum(each.total for each in self._readers) if self.is_parquet else None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What could not be read."""
        if not self._broken:
            return ()
        rows = "1 row {} was" if self._broken == 1 else f"{self._broken:,} rows {{}} were"
        return (f"{rows.format('could not be read and')} left out.",)

    def batches(self, progress: Progress) -> Iterator[pa.Table]:
        """Yield all rows but broken ones."""
        wanted = [name for name in self.names if name not in self.unread]
        rows = max(1_000, min(AT_ONCE, CELLS // max(1, len(wanted))))
        yield from _joined(self._pieces(wanted, rows, progress), rows)

    def _pieces(self, wanted: Sequence[str], rows: int, progress: Progress) -> Iterator[pa.Table]:
        from mlops_tui.services.model_programs.batch_program.columns import Column as ReadColumn

        sizes = [max(1, each.path.stat().st_size) for each in self._readers]
        for number, reader in enumerate(self._readers):
            present = set(reader.names)
            own = [ReadColumn(name, None) for name in wanted if name in present]
            for piece in reader.pieces(own, rows, 0):
                self._broken += len(piece.bad)
                yield _without(piece.table, piece.bad)
                share = reader.done / max(1, reader.total)
                progress((sum(sizes[:number]) + share * sizes[number]) / sum(sizes))


def _joined(tables: Iterable[pa.Table], rows: int) -> Iterator[pa.Table]:
    """Yield tables of about so many rows, fewer of long rows or where the types change."""
    import pyarrow as pa

    held: list[pa.Table] = []
    count = 0
    for table in tables:
        if held and (count >= rows or len(held) == PIECES or table.schema != held[0].schema):
            yield pa.concat_tables(held)
            held, count = [], 0
        held.append(table)
        count += len(table)
    if held:
        yield pa.concat_tables(held)


def _without(table: pa.Table, bad: dict[int, Any]) -> pa.Table:
    import pyarrow as pa

    if not bad:
        return table
    return table.take(pa.array([row for row in range(len(table)) if row not in bad], pa.int64()))
