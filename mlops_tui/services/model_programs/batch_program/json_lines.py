"""Rows of a file with one JSON object a line, as text; types are the model's affair."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa

from ..problem import Problem, in_words
from .piece import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from .columns import Column

LOOKED_AT = 1_000
"""Rows in which the names of columns are looked for."""
HALF = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
"""What may be half a character (a surrogate), which no text can have."""
LONGEST = 64 * 1024 * 1024
"""Bytes of a line."""
UNREADABLE = (OSError, EOFError, zlib.error)
"""What reading raises, of a packed file that is cut off or damaged too."""


class JsonRows:
    """A file of which it is known how many bytes have been read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.total = path.stat().st_size
        self._raw: IO[bytes] | None = None
        self._rows = 0
        names: dict[str, None] = {}
        try:
            for value in islice(self._objects(0), LOOKED_AT):
                if isinstance(value, dict):
                    names |= dict.fromkeys(value)
        except UNREADABLE as error:
            raise Problem(f"{path} cannot be read: {in_words(error)}") from None
        self._raw = None
        self.names = list(names)
        if not names:
            raise Problem(f"{path} has no JSON object in its first {LOOKED_AT:,} lines.")

    @property
    def done(self) -> int:
        """How many of ``total`` have been read."""
        if self._raw is None:
            return 0
        return self.total if self._raw.closed else self._raw.tell()

    def kind_kept(self, _name: str) -> pa.DataType:
        """Return the type of a column that is kept beside the answers."""
        return pa.string()

    def pieces(self, columns: Sequence[Column], rows: int, skip: int) -> Iterator[Piece]:
        """Yield all rows but the first ones, nothing but an empty piece where all are skipped.

        Raises ``Problem``.
        """
        at = skip
        try:
            values = self._objects(skip)
            while some := list(islice(values, rows)):
                yield self._piece(some, columns, at)
                at += len(some)
            if at == skip:
                yield self._piece([], columns, min(skip, self._rows))
        except UNREADABLE as error:
            where = f"{self.path} cannot be read after row {at:,}"
            raise Problem(f"{where}: {in_words(error)}") from None

    def _piece(self, values: list[Any], columns: Sequence[Column], at: int) -> Piece:
        bad = {n: value for n, value in enumerate(values) if isinstance(value, str)}
        rows: list[dict[str, Any]] = [{} if isinstance(each, str) else each for each in values]
        arrays = []
        for column in columns:
            cells = [row.get(column.name) for row in rows]
            is_nested = column.kind is None and any(isinstance(c, (list, dict)) for c in cells)
            arrays.append(
                _nested(cells, bad) if is_nested else pa.array(map(_text, cells), pa.string())
            )
        table = pa.Table.from_arrays(arrays, names=[column.name for column in columns])
        return Piece(self.path.name, at, table, bad)

    def _objects(self, skip: int) -> Iterator[Any]:
        """Yield the object of each line, a sentence where it is none."""
        with self.path.open("rb") as raw:
            self._raw = raw
            is_packed = self.path.suffix.lower() == ".gz"
            file: Any = gzip.GzipFile(fileobj=raw) if is_packed else raw
            for number, line in enumerate(_lines(file), start=1):
                self._rows = number
                if number > skip:
                    yield _object(line)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(LONGEST):
        if line := line.removeprefix(b"\xef\xbb\xbf").strip():
            yield line


def _object(line: bytes) -> Any:
    try:
        found = json.loads(line)
        if HALF.search(line):
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return "the line has half a character (a surrogate without the other)"
    except (ValueError, RecursionError) as error:
        return f"the line is no JSON: {in_words(error)}"
    return found if isinstance(found, dict) else "the line is no JSON object"


def _text(cell: Any) -> str | None:
    return cell if cell is None or isinstance(cell, str) else json.dumps(cell)


def _nested(cells: list[Any], bad: dict[int, str]) -> Any:
    """Return lists or objects as they are; those of another kind than the first are bad."""
    try:
        return pa.array(cells)
    except (pa.ArrowException, OverflowError):
        kind = pa.infer_type([next(each for each in cells if each is not None)])
    found = []
    for number, cell in enumerate(cells):
        try:
            found.append(pa.array([cell], kind))
        except (pa.ArrowException, OverflowError) as error:
            bad.setdefault(number, in_words(error))
            found.append(pa.nulls(1, kind))
    return pa.concat_arrays(found)
