"""``mlops-tui logs``: what a training job has written."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.job_data import job_as_dict
from mlops_tui.cli.log_printer import LogPrinter
from mlops_tui.cli.output import print_json, tell
from mlops_tui.cli.sub_command import Commands, count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.domain.log_window import LogWindow
    from mlops_tui.domain.process import ProcessRecord
    from mlops_tui.domain.terminal_text import LogLine
    from mlops_tui.settings import Settings

ABOUT = "print the log of a training job"
DETAILS = """\
print the log of a training job

Of a progress bar its last state is printed, once it stands still. With --follow the command ends
when the job ends; ctrl+c leaves the job running. --json prints the job with its lines, with
--follow an object for each line. With --stream the lines of the other stream are left out, and
those of which nobody saw who wrote them: that is said at the end.
"""

PAGE = 5_000
"""Lines read at once."""

PAUSE = 0.3
"""Seconds between two looks."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("logs", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("job", metavar="JOB", help="its id, or the beginning of it, or last")
    parser.add_argument("--follow", action="store_true", help="go on until the job ends")
    parser.add_argument(
        "--lines", metavar="N", type=count, default=100, help="the last so many; 0 for all"
    )
    parser.add_argument(
        "--stream", choices=("stdout", "stderr"), help="only the lines that are known to be of it"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Print the log."""
    from mlops_tui.services.job_lookup import find_job

    job = find_job(settings.state_dir, arguments["job"])
    reader = _Reader(settings, job, arguments["lines"], arguments["stream"])
    if arguments["follow"]:
        _follow(reader, LogPrinter(as_json=arguments["json"]))
    elif arguments["json"]:
        lines = [line.text for page in iter(reader.rest, []) for line in page]
        print_json({**job_as_dict(job), "first_line": reader.begin + 1, "lines": lines})
    else:
        printer = LogPrinter(as_json=False)
        for page in iter(reader.rest, []):
            printer.put(reader.line - len(page), page)
    if reader.unknown:
        tell(f"Lines left out, their stream being unknown: {reader.unknown:,}.")
    return FINE


def _follow(reader: _Reader, printer: LogPrinter) -> None:
    try:
        while (job := reader.record()).state.is_active:
            while page := reader.settled():
                printer.put(reader.line - len(page), page)
            printer.show_for_now(reader.last_line())
            sys.stdout.flush()
            time.sleep(PAUSE)
        while page := reader.rest():
            printer.put(reader.line - len(page), page)
    except KeyboardInterrupt:
        printer.end()
        tell(f"{reader.record().title} runs on; mlops-tui stop ends it.")
        raise
    printer.end()
    sys.stdout.flush()
    tell(f"{job.title} {job.state.value}. {job.reason}".strip())


class _Reader:
    """Reads a log on from line to line."""

    def __init__(
        self, settings: Settings, job: ProcessRecord, last: int, stream: str | None
    ) -> None:
        from mlops_tui.domain.log_stream import Stream

        self._state_dir, self._job = settings.state_dir, job
        self._stream = Stream[stream.upper()] if stream else None
        self.unknown = 0
        """Lines that are left out because their stream is not known."""
        window = self._read(0, 1)
        while not window.is_counted:
            window = self._read(0, 1)
        self._life = window.life
        self.line = self.begin = max(0, window.total - last) if last else 0

    def record(self) -> ProcessRecord:
        """Return the job as it is now."""
        from mlops_tui.domain.process import ProcessKind
        from mlops_tui.services import processes

        return processes.get(self._state_dir, ProcessKind.JOB, self._job.process_id)

    def settled(self) -> list[LogLine]:
        """Return the next lines on which nothing will be drawn again."""
        return self._next(to_the_end=False)

    def rest(self) -> list[LogLine]:
        """Return the next lines, whatever they are."""
        return self._next(to_the_end=True)

    def last_line(self) -> LogLine | None:
        """Return the last line while it may still change."""
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
        from mlops_tui.domain.process import ProcessKind
        from mlops_tui.services.logs import read_window

        job_id, stream = self._job.process_id, self._stream
        window = read_window(
            self._state_dir, ProcessKind.JOB, job_id, first=first, most=most, stream=stream
        )
        self.unknown = window.unknown
        return window
