"""Polls all jobs on every screen; notifies when one ends."""

import asyncio
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.job_end import JobEnd
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.domain.terminal_notice import notice
from mlops_tui.services.jobs import job_ends, taking_over
from mlops_tui.tui.kit.formatting import elapsed

if TYPE_CHECKING:
    from mlops_tui.tui.shell import Shell

TITLE, REASON = 60, 200
"""The most characters of a job's title and of the reason in a notice."""
WELL = (ProcessState.FINISHED, ProcessState.ENDED)
LONG = 15
"""Seconds for which the notice is shown."""


async def watch_jobs(shell: "Shell", since: int) -> None:
    """Poll the jobs for ever; notify of each that ends.

    Covers jobs that were seen active or were created after ``since``, in milliseconds.
    """
    watched: frozenset[str] = frozenset()
    told: set[str] = set()
    while True:
        await _take_over(shell)
        try:
            seen = await shell.backend.call(job_ends.look, shell.settings.state_dir, watched, since)
        except ServiceError:
            pass  # whoever shows the jobs says so
        else:
            watched = seen.active
            for end in seen.ends:
                if end.record.process_id not in told:  # a new service process begins anew
                    told.add(end.record.process_id)
                    _tell(shell, end)
        await asyncio.sleep(shell.settings.refresh_interval)


async def _take_over(shell: "Shell") -> None:
    """Start a new supervisor for each job whose supervisor was killed."""
    settings = shell.settings
    if not settings.read_only:
        # Whoever shows the jobs says that they are lost.
        with suppress(ServiceError):
            await shell.backend.call(taking_over.take_over, settings.store, settings.state_dir)


def sentence(job: ProcessRecord) -> str:
    """Return a sentence about how a job ended."""
    state = "is lost" if job.state is ProcessState.LOST else job.state.value
    after = f" after {elapsed(job.counted_since, job.ended_at)}" if job.ended_at else ""
    reason = one_line(job.reason, REASON)
    return f"{one_line(job.title, TITLE)} {state}{after}{f': {reason}' if reason else '.'}"


def _tell(shell: "Shell", end: JobEnd) -> None:
    text = sentence(end.record)
    well = end.record.state in WELL
    shell.notify(text, severity="information" if well else "error", markup=False, timeout=LONG)
    if end.is_first:
        settings = shell.settings
        shell.send(notice(text, settings.notify_desktop, in_tmux="TMUX" in os.environ))
        if settings.notify_bell:
            shell.bell()
