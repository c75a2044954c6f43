"""Reads and follows the log of a job."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from mlops_tui.cli.output import tell

if TYPE_CHECKING:
    from pathlib import Path

    from mlops_tui.cli.log_printer import LogPrinter
    from mlops_tui.domain.logs.log_window import LogWindow
    from mlops_tui.domain.logs.terminal_text import LogLine
    from mlops_tui.domain.processes.process import ProcessRecord

PAGE = 5_000
"""Lines read at once."""

PAUSE = 0.3
"""Seconds between two polls."""


def follow(reader: LogReader, printer: LogPrinter) -> ProcessRecord:
    """Print the log as it grows; return the job once it has ended. ctrl+c leaves it running."""
    try:
        while (job := reader.record()).is_underway:
            while page := reader.settled():
                printer.put(reader.line - len(page), page)
            printer.show_for_now(reader.last_line())
            printer.flush()
            time.sleep(PAUSE)
        while page := reader.rest():
            printer.put(reader.line - len(page), page)
    except KeyboardInterrupt:
        printer.end()
        tell(f"{reader.record().title} keeps running; mlops-tui stop ends it.")
        raise
    printer.end()
    printer.flush()
    return job


class LogReader:
    """Reads a log page by page."""

    def __init__(self, state_dir: Path, job: ProcessRecord, last: int = 0) -> None:
        """Start ``last`` lines before the end, or at the first line for 0."""
        self._state_dir, self._job = state_dir, job
        window = self._read(0, 1)
        while not window.is_counted:
            window = self._read(0, 1)
        self._life = window.life
        self.line = self.begin = max(0, window.total - last) if last else 0

    def record(self) -> ProcessRecord:
        """Return the job as it is now."""
        from mlops_tui.domain.processes.process import ProcessKind
        from mlops_tui.services.launchers import processes

        return processes.get(self._state_dir, ProcessKind.JOB, self._job.process_id)

    def settled(self) -> list[LogLine]:
        """Return the next lines that are complete: no progress bar redraws them."""
        return self._next(to_the_end=False)

    def rest(self) -> list[LogLine]:
        """Return the next lines, complete or not."""
        return self._next(to_the_end=True)

    def last_line(self) -> LogLine | None:
        """Return the last line while it is incomplete, else None."""
        window = self._read(None, 1)
        return window.lines[-1] if window.lines and window.total > window.settled else None

    def _next(self, *, to_the_end: bool) -> list[LogLine]:
        window = self._read(self.line, PAGE)
        if window.life != self._life:
            self._life, self.line = window.life, 0
            window = self._read(0, PAGE)
        end = window.total if to_the_end else window.settled
        lines = list(window.lines[: max(0, end - self.line)])
        self.line += len(lines)
        return lines

    def _read(self, first: int | None, most: int) -> LogWindow:
        from mlops_tui.domain.processes.process import ProcessKind
        from mlops_tui.services.logs.logs import read_window

        job_id = self._job.process_id
        return read_window(self._state_dir, ProcessKind.JOB, job_id, first=first, most=most)
