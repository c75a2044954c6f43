"""The files of a capture: JSON lines, readable by their owner alone, within limits."""

import errno
import os
import time
from pathlib import Path

MIB = 1024 * 1024
DAY = 86_400.0
LARGEST = 64 * MIB
"""Bytes after which another file is begun; an eighth of the limit where that is less."""

HOUR_FORMAT = "%Y%m%dT%H"
FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC


class RecordFiles:
    """Appends lines to files named ``KIND-HOUR-PROCESS-NUMBER.jsonl``.

    Another one is begun each hour and when one is large enough; before that the oldest go, those
    that are being written excepted.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stamp = ""
        self._number = 0
        self._current: dict[str, Path] = {}
        self._sizes: dict[str, int] = {}

    def write(self, kind: str, text: bytes, limit: int, days: float) -> None:
        """Append whole lines, all or none; raises ``OSError``."""
        stamp = time.strftime(HOUR_FORMAT, time.gmtime())
        if stamp != self._stamp:
            self._stamp = stamp
            self._current.clear()
        largest = min(LARGEST, limit // 8)
        if kind not in self._current or self._sizes[kind] + len(text) > largest:
            self._number += 1
            name = f"{kind}-{stamp}-{os.getpid()}-{self._number:06}.jsonl"
            self._current[kind], self._sizes[kind] = self.folder / name, 0
            # Room for this file, and for the one of the other kind.
            self._remove_old(limit - largest - max(largest, len(text)), days)
        self._sizes[kind] = _appended(self._current[kind], text)

    def found(self) -> list[tuple[float, int, Path]]:
        """Return time of the last write, size and path of each file, oldest first."""
        found = []
        for path in self.folder.glob("*.jsonl"):
            try:
                status = path.stat()
            except OSError:
                continue
            found.append((status.st_mtime, status.st_size, path))
        return sorted(found)

    def _remove_old(self, limit: int, days: float) -> None:
        """Keep to the limits; labels stay as long as the records that they belong to may."""
        files = self.found()
        total = sum(size for _, size, _ in files)
        oldest = time.time() - days * DAY
        for written_at, size, path in files:
            if written_at >= oldest and total <= limit:
                break
            if path not in self._current.values():
                path.unlink(missing_ok=True)
                total -= size


def _appended(path: Path, text: bytes) -> int:
    """Append the text and return the size of the file; half of it is taken back."""
    try:
        descriptor = os.open(path, FLAGS, 0o600)
    except FileNotFoundError:
        # The first file, or somebody has removed the folder.
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, FLAGS, 0o600)
    try:
        begun = os.fstat(descriptor).st_size
        written = os.write(descriptor, text)
        if written < len(text):
            # Half a line would spoil the next one, too.
            os.ftruncate(descriptor, begun)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    finally:
        os.close(descriptor)
    return begun + written
