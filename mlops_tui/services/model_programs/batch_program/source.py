"""The files whose rows are scored, and their rows in batches."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from ..problem import Problem
from .columns import Column, as_declared, inferred, of_model, refuse_missing
from .delimited_file import DelimitedRows
from .json_lines import JsonRows
from .parquet_file import ParquetRows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from mlflow.types import Schema

    from .piece import Piece

KINDS: dict[str, Any] = {
    ".parquet": ParquetRows,
    ".pq": ParquetRows,
    **dict.fromkeys((".csv", ".csv.gz", ".csv.bz2", ".csv.zst"), DelimitedRows),
    **dict.fromkeys((".tsv", ".tsv.gz", ".tsv.bz2", ".tsv.zst"), DelimitedRows),
    **dict.fromkeys((".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz"), JsonRows),
}
"""What reads files, by the end of their names."""
READ_AT_ONCE = 1024 * 1024


class Rows(Protocol):
    """A file of one kind."""

    path: Path
    names: list[str]
    total: int

    @property
    def done(self) -> int:
        """How many of ``total``, rows or bytes, have been read."""

    def kind_kept(self, name: str) -> pa.DataType:
        """Return the type of a column that is kept beside the answers."""

    def pieces(self, columns: Sequence[Column], rows: int, skip: int) -> Iterator[Piece]:
        """Yield all rows but the first ones."""


@dataclass(frozen=True)
class Batch:
    """Rows that the model is asked about together."""

    pieces: list[Piece]
    table: pa.Table
    """In the types that the model takes."""
    bad: dict[int, str]
    """What is wrong with which of the rows, counted from 0."""

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def place(self, row: int) -> tuple[str, int]:
        """Return the file of a row, and its number there, counted from 1."""
        for piece in self.pieces:
            if row < len(piece):
                return piece.file, piece.start + row + 1
            row -= len(piece)
        raise IndexError(row)


class Source:
    """All rows of some files, in order."""

    def __init__(self, files: Sequence[Path]) -> None:
        self.files = files
        self.digest = digest_of(files)
        self.readers: list[Rows] = [reader_of(path) for path in files]
        self.columns: list[Column] = []
        """What is read; ``choose`` says what."""

    @property
    def counts_rows(self) -> bool:
        """Whether it is known how many rows there are; else how many bytes."""
        return all(isinstance(reader, ParquetRows) for reader in self.readers)

    @property
    def total(self) -> int:
        """How many rows, or bytes, there are."""
        if self.counts_rows:
            return sum(reader.total for reader in self.readers)
        return sum(path.stat().st_size for path in self.files)

    @property
    def done(self) -> int:
        """How many of them have been read."""
        if self.counts_rows:
            return sum(reader.done for reader in self.readers)
        shares = ((reader.done / max(1, reader.total), reader.path) for reader in self.readers)
        return int(sum(share * path.stat().st_size for share, path in shares))

    @property
    def kept(self) -> list[str]:
        """The names of the columns that are read, in the order of the first file."""
        read = {column.name for column in self.columns}
        return [name for name in self.readers[0].names if name in read]

    def choose(self, schema: Schema | None, *, all_columns: bool) -> None:
        """Choose what is read: the columns of the model, or all. Raises ``Problem``."""
        first = self.readers[0]
        columns = of_model(schema, first.names, first.path.name)
        if all_columns:
            known = {column.name for column in columns}
            refuse_missing(first.names, first.names, first.path.name)
            rest = [name for name in first.names if name not in known]
            columns += [Column(name, first.kind_kept(name), for_model=False) for name in rest]
        if schema is None:
            piece = next((p for p in first.pieces(columns, READ_AT_ONCE, 0) if len(p)), None)
            columns = inferred(columns, piece.table[:10_000]) if piece else columns
        self.columns = columns
        for reader in self.readers:
            refuse_missing([column.name for column in columns], reader.names, reader.path.name)

    def batches(self, rows: int, skip: int) -> Iterator[Batch]:
        """Yield batches of so many rows, without as many rows at the beginning as are skipped."""
        held: list[Piece] = []
        count = 0
        for piece in self._pieces(rows, skip):
            while count + len(piece) >= rows:
                taken = rows - count
                yield self._batch([*held, piece.before(taken)])
                piece, held, count = piece.after(taken), [], 0  # noqa: PLW2901 - its rest
            if len(piece):
                held.append(piece)
                count += len(piece)
        if held:
            yield self._batch(held)

    def _pieces(self, rows: int, skip: int) -> Iterator[Piece]:
        for reader in self.readers:
            if isinstance(reader, ParquetRows) and reader.total <= skip:
                skip -= reader.total
                reader.skip_all()
                continue
            last = 0
            for piece in reader.pieces(self.columns, rows, skip):
                yield piece
                last = piece.start + len(piece)
            skip = max(0, skip - last)

    def _batch(self, pieces: list[Piece]) -> Batch:
        bad: dict[int, str] = {}
        tables, offset = [], 0
        for piece in pieces:
            table, wrong = as_declared(piece.table, self.columns, piece.bad)
            tables.append(table)
            bad |= {offset + row: why for row, why in wrong.items()}
            offset += len(piece)
        whole = tables[0] if len(tables) == 1 else pa.concat_tables(tables)
        return Batch(pieces, whole, bad)


def find_files(words: Sequence[str], folder: Path) -> list[Path]:
    """Return the files that paths, folders and globs name, in order. Raises ``Problem``."""
    found: list[Path] = []
    for word in words:
        # Path.expanduser raises for a user that does not exist.
        path = folder / os.path.expanduser(word)  # noqa: PTH111 - see above
        if path.is_dir():
            some = [each for each in sorted(path.rglob("*")) if _counts(each, path)]
        elif path.exists():
            some = [path]
        else:
            some = _matching(path)
        if not some:
            raise Problem(f"{path}: there is no such file, nor one that can be read in there.")
        found += some
    for path in found:
        if _ending(path) is None:
            raise Problem(f"{path}: its name ends in none of {', '.join(KINDS)}.")
    return list(dict.fromkeys(found))


def digest_of(files: Sequence[Path]) -> str:
    """Return the MD5 of a file, as DVC has it; of several the SHA-256 of their names and MD5s."""
    sums = [(path.name, _sum(path)) for path in files]
    if len(sums) == 1:
        return sums[0][1]
    return hashlib.sha256("".join(f"{name}\0{each}\n" for name, each in sums).encode()).hexdigest()


def _sum(path: Path) -> str:
    found = hashlib.md5(usedforsecurity=False)
    try:
        with path.open("rb", buffering=0) as file:
            while some := file.read(READ_AT_ONCE):
                found.update(some)
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.") from None
    return found.hexdigest()


def _counts(path: Path, folder: Path) -> bool:
    """Return whether a file is data: neither hidden, nor a mark of Spark, nor a part of ours."""
    parts = path.relative_to(folder).parts
    hidden = any(part.startswith((".", "_")) or part.endswith(".partial") for part in parts)
    return not hidden and _ending(path) is not None and path.is_file()


def _matching(path: Path) -> list[Path]:
    """Return what a glob finds; everything before its first sign is a folder."""
    parts = path.parts
    first = next((n for n, part in enumerate(parts) if set(part) & set("*?[")), len(parts))
    if first == len(parts):
        return []
    folder = Path(*parts[:first])
    found = folder.glob("/".join(parts[first:]))
    return sorted(each for each in found if _counts(each, folder))


def _ending(path: Path) -> str | None:
    name = path.name.lower()
    return next((ending for ending in KINDS if name.endswith(ending)), None)


def reader_of(path: Path) -> Rows:
    """Return what reads a file, whose name ends as one of ``KINDS``. Raises ``Problem``."""
    reader: Rows = KINDS[_ending(path) or ""](path)
    return reader
