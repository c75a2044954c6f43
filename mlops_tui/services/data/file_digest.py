"""Digests that cover all bytes of a file or folder: those of ``md5sum``, and of DVC."""

import hashlib
import json
import os
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError
from mlops_tui.services.files import state_directory

BLOCK = 4 << 20
"""Bytes read at once."""

CACHE = "digests.db"
TABLE = "CREATE TABLE IF NOT EXISTS files (place TEXT PRIMARY KEY, stamp TEXT, md5 TEXT)"
AT_ONCE = 1_000
"""Digests that are kept at once."""
YOUNG_NS = 2_000_000_000
"""A file that was written less than this before it was read may be written again unnoticed."""

FOLDER_SUFFIX = ".dir"
"""What DVC adds to the digest of a folder: 36 characters, the most that MLflow takes."""
IGNORED = frozenset({".git", ".hg", ".dvc"})
"""Folders that DVC leaves out."""

Progress = Callable[[int, int], None]
"""Is told the bytes that were read, then all there are; raises to cancel."""


def _silent(_read: int, _size: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The digest of a file or folder, with its size in bytes and the number of its files."""

    digest: str
    size: int
    files: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A file below a folder: its path there, and what the system says of it."""

    relative: str
    path: Path
    status: os.stat_result


def digest_of(path: Path, state_dir: Path | None = None, progress: Progress = _silent) -> Digest:
    """Return the digest of a file (md5) or of a folder (that of DVC, ending in ``.dir``).

    What was read before and has the same inode, size and time of change is not read again where
    there is a ``state_dir``. Raises ``NotFound``, ``InvalidInput`` for what is neither,
    ``Conflict`` for a file that is written meanwhile.
    """
    status = _status(path)
    with _cache(state_dir) as cache:
        if stat.S_ISDIR(status.st_mode):
            return _of_folder(path, cache, progress)
        if not stat.S_ISREG(status.st_mode):
            raise InvalidInput(f"{path} is neither a file nor a folder.")
        return Digest(
            _of_file(path, status, cache, _Told(progress, status.st_size)), status.st_size
        )


def files_below(folder: Path) -> Iterator[Listed]:
    """Yield the regular files below a folder, as DVC sees them: links to files are followed."""

    def refuse(error: OSError) -> None:
        raise ServiceError(f"{error.filename} cannot be read: {error.strerror}.")

    for above, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if name not in IGNORED]
        for name in names:
            path = Path(above, name)
            with suppress(FileNotFoundError):  # a link to nothing
                status = path.stat()
                if stat.S_ISREG(status.st_mode):
                    yield Listed(path.relative_to(folder).as_posix(), path, status)


def of_entries(entries: dict[str, str]) -> str:
    """Return DVC's digest of a folder from the md5 of each of its files by relative path."""
    listed = [{"md5": entries[name], "relpath": name} for name in sorted(entries)]
    text = json.dumps(listed, sort_keys=True).encode()
    return _md5(text).hexdigest() + FOLDER_SUFFIX


class _Told:
    """Tells how many bytes were read of how many."""

    def __init__(self, progress: Progress, size: int) -> None:
        self._progress, self._size, self._read = progress, size, 0

    def add(self, count: int) -> None:
        self._read += count
        self._progress(self._read, self._size)


class _Cache:
    """The digests of files that were read before; one that cannot be kept holds nothing."""

    def __init__(self, connection: sqlite3.Connection | None) -> None:
        self._connection = connection
        self._put = 0

    def get(self, status: os.stat_result) -> str:
        if self._connection is None:
            return ""
        with suppress(sqlite3.Error):
            asked = "SELECT md5 FROM files WHERE place = ? AND stamp = ?"
            row = self._connection.execute(asked, (_place(status), _stamp(status))).fetchone()
            return str(row[0]) if row else ""
        return ""

    def put(self, status: os.stat_result, md5: str) -> None:
        if self._connection is None or time.time_ns() - status.st_mtime_ns < YOUNG_NS:
            return
        with suppress(sqlite3.Error):
            kept = "INSERT OR REPLACE INTO files VALUES (?, ?, ?)"
            self._connection.execute(kept, (_place(status), _stamp(status), md5))
            self._put += 1
            if self._put % AT_ONCE == 0:  # who cancels goes on from here
                self._connection.commit()


@contextmanager
def _cache(state_dir: Path | None) -> Iterator[_Cache]:
    try:
        connection = _opened(state_dir) if state_dir else None
    except (sqlite3.Error, OSError, ServiceError):
        connection = None
    if connection is None:
        yield _Cache(None)
        return
    with closing(connection):
        try:
            yield _Cache(connection)
        finally:
            with suppress(sqlite3.Error):
                connection.commit()


def _opened(state_dir: Path) -> sqlite3.Connection:
    state_directory.make(state_dir)
    path = state_dir / CACHE
    os.close(os.open(path, os.O_CREAT | os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    connection = sqlite3.connect(path, timeout=1.0)
    connection.execute(TABLE)
    return connection


def _place(status: os.stat_result) -> str:
    return f"{status.st_dev}:{status.st_ino}"


def _stamp(status: os.stat_result) -> str:
    return f"{status.st_size}:{status.st_mtime_ns}"


def _status(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        raise NotFound(f"There is no file or folder {path}.") from None
    except OSError as error:
        raise ServiceError(f"{path} cannot be read: {error.strerror}.") from None


def _of_folder(folder: Path, cache: _Cache, progress: Progress) -> Digest:
    listed = list(files_below(folder))
    told = _Told(progress, sum(each.status.st_size for each in listed))
    entries = {each.relative: _of_file(each.path, each.status, cache, told) for each in listed}
    size = sum(each.status.st_size for each in listed)
    return Digest(of_entries(entries), size, len(entries))


def _of_file(path: Path, status: os.stat_result, cache: _Cache, told: _Told) -> str:
    if known := cache.get(status):
        told.add(status.st_size)
        return known
    found, block = _md5(b""), bytearray(min(BLOCK, status.st_size + 1))
    view = memoryview(block)
    try:
        with path.open("rb", buffering=0) as file:
            while count := file.readinto(block):
                found.update(view[:count])
                told.add(count)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise ServiceError(f"{path} cannot be read: {error.strerror}.") from None
    if (_place(after), _stamp(after)) != (_place(status), _stamp(status)):
        raise Conflict(f"{path} was written while it was read.", "Try again when it is complete.")
    cache.put(status, found.hexdigest())
    return found.hexdigest()


def _md5(data: bytes) -> "hashlib._Hash":
    """Return what DVC and ``md5sum`` tell contents apart by; no secret depends on it."""
    return hashlib.md5(data, usedforsecurity=False)
