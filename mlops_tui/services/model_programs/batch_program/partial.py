"""What has been scored so far: a folder beside the output, from which a killed job goes on."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import pyarrow as pa

from ..problem import Problem, in_words, say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST, LOCK = "manifest.json", "lock"
MOST_KEPT = 32 * 1024 * 1024
"""Bytes of answers that wait to be written."""
EVERY = 5.0
"""Seconds after which they are written though they are fewer."""
BAD = pa.schema([("file", pa.string()), ("row", pa.int64()), ("message", pa.string())])


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in a sentence that something could not be written. Raises ``Problem``."""
    try:
        yield
    except OSError as error:
        raise Problem(
            f"{path} cannot be written: {error.strerror}. What was scored is kept beside it: "
            "free space or mend that, then give the same command again."
        ) from None


class Partial:
    """The folder of one output. Only one process at a time has it open."""

    def __init__(self, output: Path, identity: dict[str, Any]) -> None:
        self.folder = output.with_name(f"{output.name}.partial")
        self._identity = identity
        self._waiting: list[pa.RecordBatch] = []
        self._size = 0
        self._waiting_bad: list[tuple[str, int, str]] = []
        self._written_at = time.monotonic()
        with writing(self.folder):
            self.folder.mkdir(exist_ok=True)
            self._lock = self._locked()
        self.parts, self.batches, self.rows, self.bad = self._read()

    @property
    def schema(self) -> pa.Schema | None:
        """Of the rows that were written; None where none were."""
        return next((batch.schema for batch in self.rows_of("part")), None)

    def add(self, rows: pa.Table, bad: list[tuple[str, int, str]]) -> None:
        """Add the outcome of one batch. Raises ``Problem``."""
        self._waiting += rows.combine_chunks().to_batches()
        self._size += rows.nbytes
        self._waiting_bad += bad
        self.batches += 1
        self.rows += len(rows)
        self.bad += len(bad)
        if self._size >= MOST_KEPT or time.monotonic() - self._written_at >= EVERY:
            self.commit()

    def commit(self) -> None:
        """Write what waits, then that it is written. Raises ``Problem``."""
        if not self._waiting:
            return
        name = f"{self.parts + 1:07}.arrow"
        bad = pa.Table.from_pylist(
            [dict(zip(BAD.names, each, strict=True)) for each in self._waiting_bad], BAD
        )
        with writing(self.folder):
            self._write(f"part-{name}", self._waiting)
            self._write(f"bad-{name}", bad.to_batches() or [pa.record_batch([[], [], []], BAD)])
            self.parts += 1
            told = {
                "identity": self._identity,
                "parts": self.parts,
                "next_batch": self.batches,
                "rows": self.rows,
                "bad_rows": self.bad,
            }
            _replace(self.folder / MANIFEST, json.dumps(told, indent=1).encode())
        self._waiting, self._waiting_bad, self._size = [], [], 0
        self._written_at = time.monotonic()

    def rows_of(self, kind: str) -> Iterator[pa.RecordBatch]:
        """Yield what was written, batch by batch: of ``part`` or of ``bad``."""
        for number in range(1, self.parts + 1):
            path = self.folder / f"{kind}-{number:07}.arrow"
            with pa.OSFile(str(path)) as file, pa.ipc.open_file(file) as reader:
                for n in range(reader.num_record_batches):
                    yield reader.get_batch(n)

    def remove(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.close()

    def close(self) -> None:
        """Let another process have it."""
        self._lock.close()

    def _locked(self) -> IO[bytes]:
        lock = (self.folder / LOCK).open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Problem(f"Another job writes to {self.folder.stem}: wait for its end.") from None
        return lock

    def _read(self) -> tuple[int, int, int, int]:
        """Return how far a job before has come: parts, batches, rows, bad rows."""
        try:
            told = json.loads((self.folder / MANIFEST).read_bytes())
            identity = told["identity"]
            found = tuple(int(told[key]) for key in ("parts", "next_batch", "rows", "bad_rows"))
        except FileNotFoundError:
            return 0, 0, 0, 0
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Problem(
                f"{self.folder / MANIFEST} cannot be read: {in_words(error)}. "
                "Delete the folder to begin again."
            ) from None
        if identity != self._identity:
            changed = [key for key in self._identity if identity.get(key) != self._identity[key]]
            say(f"A job before had another {', '.join(changed)}: all rows are scored anew.")
            (self.folder / MANIFEST).unlink()  # its parts are about to be replaced
            return 0, 0, 0, 0
        return found[0], found[1], found[2], found[3]

    def _write(self, name: str, batches: list[pa.RecordBatch]) -> None:
        path = self.folder / name
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        with path.open("wb") as file:
            with pa.ipc.new_file(file, batches[0].schema, options=options) as writer:
                for batch in batches:
                    writer.write_batch(batch)
            file.flush()
            os.fsync(file.fileno())


def _replace(path: Path, data: bytes) -> None:
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
