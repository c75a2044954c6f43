"""How a training job reads: in a list, and what is said of the one under the cursor."""

from collections.abc import Iterable

from rich.text import Text

from mlops_tui.domain.jobs.job_queue import JobQueue
from mlops_tui.domain.logs.progress import Progress
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.tui.kit.formatting import (
    STATUSES,
    age,
    bar,
    duration,
    job_time,
    number,
    plain,
    status_cell,
)
from mlops_tui.tui.kit.table import Column

COLUMNS = (
    Column("state", "State", 12),
    Column("title", "Job", 20, grow=True),
    Column("elapsed", "Time", 6, justify="right"),
    Column("age", "Age", 5, justify="right"),
    Column("recipe", "Program", 15),
)
GPU = Column("gpu", "GPU", 4)
"""Shown where a job has one."""

BAR = 10
"""Cells of the bar."""


def columns(jobs: Iterable[ProcessRecord]) -> tuple[Column, ...]:
    """Return the columns that these jobs need."""
    return (*COLUMNS, GPU) if any(job.details.get("gpu") for job in jobs) else COLUMNS


def job_cell(job: ProcessRecord, column: str, queue: JobQueue, difference: str = "") -> Text:
    """Return what stands in a column of a job's row; ``difference`` tells it from its like."""
    if column == "title":
        return _title(job, difference)
    if column == "state":
        return _state(job, queue)
    if column == "elapsed":
        return Text(job_time(job))
    if column == "age":
        return Text(age(job.created_at))
    if column == "recipe":
        return plain(job.program)
    return plain(job.details.get(column, ""))


def _title(job: ProcessRecord, difference: str) -> Text:
    return Text().append(plain(job.title)).append(f"  {difference}" if difference else "", "dim")


def reason(job: ProcessRecord, queue: JobQueue) -> str:
    """Return why a job is not running, in a sentence; empty where nothing is to be said."""
    if job.is_settling:
        return f"Updating its runs in MLflow… x skips this. {job.reason}".strip()
    if job.is_unsettled:
        return f"S settles its open runs. {job.outcome}"
    if job.reason or not queue.position(job.process_id):
        return job.outcome
    if job.process_id in queue.held:
        return "Held: it does not start until H releases it."
    if not queue.slots:
        return "It waits: there are 0 slots; # changes that."
    return "It waits for a slot; K lets it start earlier, # changes the number of slots."


def progress_words(progress: Progress) -> str:
    """Return bar, share, count, rate and time left, on one line."""
    words = [
        bar(progress.share, BAR),
        f"{progress.share:.0%}",
        f"{number(progress.done)}/{number(progress.total)}",
        progress.rate,
        f"{duration(progress.seconds_left * 1000)} left" if progress.seconds_left else "",
        progress.label,
    ]
    return one_line("  ".join(filter(None, words)), 120)


def _state(job: ProcessRecord, queue: JobQueue) -> Text:
    if job.is_settling:
        # The end is known; beside it stands that something is still going on.
        return status_cell(job.state).append(f" {STATUSES['settling'][0]}", STATUSES["settling"][1])
    place = queue.position(job.process_id)
    if job.process_id in queue.held:
        return status_cell("held")
    if not place or job.state is not ProcessState.WAITING:
        return status_cell(job.state)
    symbol, style = STATUSES[job.state]
    return Text(f"{symbol} waiting {place}", style)
