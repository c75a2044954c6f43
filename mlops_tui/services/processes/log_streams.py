"""Both outputs of a process on one log file, told apart by where each of them wrote last.

The file is opened twice, to append. The process writes through these descriptions itself, and so
does all that it starts: nothing stands between, and no line depends on us. What the kernel wrote
first stands first; after each write the position of the description is where that write ended.
So whoever holds a copy of both can say of what was written between two looks: after the earlier
of both positions, everything is of the other stream. Where both wrote, what is before it is
unknown. Bytes of anybody else are unknown too, unless they fall between a look with a write.
"""

import os
import time
from pathlib import Path

from mlops_tui.domain.logs.log_stream import Stream
from mlops_tui.services.files.regular_file import open_descriptor
from mlops_tui.services.processes import log_file
from mlops_tui.services.processes.file_watch import FileWatch
from mlops_tui.services.processes.stream_marks import NAME, MarkWriter

SHORTEST, LONGEST = 0.001, 0.02
"""Seconds of rest after a look: the longer, the faster it writes."""


class LogStreams:
    """The ``stdout`` of a process with its ``stderr``, to be handed on to it."""

    def __init__(self, folder: Path) -> None:
        """Open the log of the process; raises ``OSError``."""
        path = folder / log_file.NAME
        self.stdout, self.stderr = _opened(path), _opened(path)
        self._marks = MarkWriter(folder / NAME)
        self._seen = os.fstat(self.stdout).st_size
        self._watch = FileWatch(path)
        self._rest = SHORTEST
        self._is_emptied = False

    def watch(self, seconds: float) -> None:
        """Mark what is written in the next ``seconds``."""
        end = time.monotonic() + seconds
        while (begin := time.monotonic()) < end:
            if self._watch.wait(end - begin):
                self.look()
                was_quiet = time.monotonic() - begin > self._rest
                self._rest = SHORTEST if was_quiet else min(2 * self._rest, LONGEST)
                time.sleep(self._rest)

    def look(self) -> None:
        """Mark what was written since the last look. Of a log that was emptied nothing is known."""
        size = os.fstat(self.stdout).st_size
        if size < self._seen:
            self._is_emptied = True
            self._marks.forget()
        if self._is_emptied:
            return
        out, err = _position(self.stdout), _position(self.stderr)
        if out > err:
            self._marks.add(max(self._seen, err), out, Stream.STDOUT)
        elif (now := _position(self.stdout)) < err:
            self._marks.add(max(self._seen, now), err, Stream.STDERR)
        self._seen = max(self._seen, size, out, err)


def _opened(path: Path) -> int:
    return open_descriptor(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND)


def _position(descriptor: int) -> int:
    """Return where the last write ended; one that goes on is waited for."""
    return os.lseek(descriptor, 0, os.SEEK_CUR)
