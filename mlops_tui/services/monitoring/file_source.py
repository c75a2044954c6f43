"""Rows of files that are added to a folder, or of one file that grows, from a position on."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.monitoring.chunking import Piece
from mlops_tui.services.model_programs.problem import Problem

AT_ONCE = 5_000
"""Rows that are read at once."""
QUIET = 2.0
"""Seconds in which a file has to stay as it is before it is read."""
OLD = 60.0
"""Seconds since the last write after which a file that is seen first counts as whole."""
HEAD = 64 * 1024
"""Bytes by which a table is known again."""
MOST_FILES = 50_000


class FileSource:
    """The files of a folder, each once, in the order of their names as they come."""

    def __init__(self, path: Path, rows: int, *, is_table: bool) -> None:
        self._path = path
        self._rows = min(rows or AT_ONCE, AT_ONCE)
        self._is_table = is_table
        self._seen: dict[Path, tuple[int, int, float]] = {}
        self.growing = 0
        """Files that are left for later since they are still written."""
        self.problems: dict[str, str] = {}
        """Files that cannot be read, with the reason; they are not asked again until changed."""

    def pieces(self, position: object) -> Iterator[Piece]:
        """Yield the rows behind a position, file by file. Raises ``ServiceError``."""
        read = self._table if self._is_table else self._folder
        yield from read(position if isinstance(position, dict) else {})

    def _folder(self, position: dict[str, Any]) -> Iterator[Piece]:
        done: dict[str, str] = dict(position.get("done", {}))
        part, row = position.get("file", ""), position.get("row", 0)
        self.growing = 0
        for path in self._files():
            name = str(path.relative_to(self._path))
            stamp = _stamp(path)
            if done.get(name) == stamp or self.problems.get(f"{name} {stamp}"):
                continue
            if not self._is_quiet(path):
                self.growing += 1
                continue
            skip = row if part == name else 0
            try:
                for piece, end in _rows(path, self._rows, skip):
                    if end:
                        done = {**done, name: stamp}
                    after: dict[str, Any] = {"done": done}
                    if not end:
                        after |= {"file": name, "row": piece.start + len(piece)}
                    yield _piece(piece, path, after, ends=end)
            except (Problem, OSError) as problem:
                # It may be replaced; what was read of it before stays counted.
                self.problems[f"{name} {stamp}"] = str(problem)

    def _table(self, position: dict[str, Any]) -> Iterator[Piece]:
        if not self._path.is_file():
            raise NotFound(f"{self._path} is gone.", "The monitor waits until it is there again.")
        if not self._is_quiet(self._path):
            self.growing = 1
            return
        self.growing = 0
        head, length = _head(self._path, position.get("length"))
        is_same = position.get("head") == head
        skip = int(position.get("row", 0)) if is_same else 0
        head, length = (head, length) if is_same else _head(self._path, None)
        try:
            for piece, end in _rows(self._path, self._rows, skip):
                row = piece.start + len(piece)
                after = {"head": head, "length": length, "row": row}
                yield _piece(piece, self._path, after, ends=end)
        except (Problem, OSError) as problem:
            raise InvalidInput(f"{self._path} cannot be read: {problem}") from None

    def _files(self) -> list[Path]:
        from mlops_tui.services.model_programs.batch_program.source import find_files

        try:
            return find_files([str(self._path)], self._path)[:MOST_FILES]
        except Problem:
            if not self._path.is_dir():
                raise NotFound(
                    f"The folder {self._path} is gone.",
                    "The monitor waits until it is there again.",
                ) from None
            return []

    def _is_quiet(self, path: Path) -> bool:
        """Return whether a file is no longer written, by two looks at it or by its age."""
        try:
            status = path.stat()
        except OSError:
            return False
        now = time.monotonic()
        before = self._seen.get(path)
        if before is None or before[:2] != (status.st_size, status.st_mtime_ns):
            self._seen[path] = (status.st_size, status.st_mtime_ns, now)
            return time.time() - status.st_mtime > OLD
        return now - before[2] >= QUIET or time.time() - status.st_mtime > OLD


def _rows(path: Path, rows: int, skip: int) -> Iterator[tuple[Any, bool]]:
    """Yield the pieces of a file behind ``skip`` rows, each with whether it is the last."""
    from mlops_tui.services.model_programs.batch_program.columns import Column
    from mlops_tui.services.model_programs.batch_program.source import reader_of

    reader = reader_of(path)
    columns = [Column(name, None) for name in dict.fromkeys(reader.names)]
    before = None
    for whole in reader.pieces(columns, rows, skip):
        piece = whole
        while len(piece):
            if before is not None:
                yield before, False
            before, piece = piece.before(rows), piece.after(rows)
    if before is not None:
        yield before, True


def _piece(piece: Any, path: Path, after: Any, *, ends: bool) -> Piece:
    import pyarrow as pa

    good = [row for row in range(len(piece)) if row not in piece.bad]
    table = piece.table if len(good) == len(piece) else piece.table.take(pa.array(good, pa.int64()))
    try:
        at = path.stat().st_mtime_ns // 1_000_000
    except OSError:
        at = 0
    return Piece(table, len(table), max(at, 0), after, ends_chunk=ends)


def _stamp(path: Path) -> str:
    """Return what changes when a file is written anew."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"{status.st_size}-{status.st_mtime_ns // 1_000_000}"


def _head(path: Path, length: object) -> tuple[str, int]:
    """Return a digest of the beginning of a file, and of how many bytes it is."""
    with path.open("rb") as file:
        data = file.read(length if isinstance(length, int) and 0 < length <= HEAD else HEAD)
    return hashlib.sha256(data).hexdigest()[:16], len(data)
