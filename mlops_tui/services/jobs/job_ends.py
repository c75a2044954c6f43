"""Which jobs have ended since the last look."""

from pathlib import Path

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.jobs.job_end import TOLD, JobEnd, JobsSeen
from mlops_tui.domain.processes.process import TRIAL_OF, ProcessKind
from mlops_tui.services.files import small_files
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import records

HEARD = "heard"
"""The file beside a job's record that says that an interface has told of its end."""

_over: set[Path] = set()
"""The folders of jobs that have ended; they are not read again at each look."""


def look(state_dir: Path, watched: frozenset[str], since: int) -> JobsSeen:
    """Return the active jobs with those that have ended, oldest first.

    An end counts for a ``watched`` job, and for one created ``since`` then (in milliseconds) that
    was over before it was seen. A sweep is told as a whole, not trial by trial.
    """
    active: set[str] = set()
    ends: list[JobEnd] = []
    for folder in sorted(_unfinished(state_dir / ProcessKind.JOB)):
        try:
            job = processes.get(state_dir, ProcessKind.JOB, folder.name)
        except NotFound:
            continue
        if job.state.is_active:
            active.add(job.process_id)
            continue
        _over.add(folder)
        is_told = job.state in TOLD and TRIAL_OF not in job.details
        if is_told and (job.process_id in watched or job.created_at >= since):
            ends.append(JobEnd(job, _is_first(folder)))
    return JobsSeen(frozenset(active), tuple(ends))


def _unfinished(place: Path) -> set[Path]:
    try:
        found = {folder for folder in place.iterdir() if records.ID.fullmatch(folder.name)}
    except (FileNotFoundError, NotADirectoryError):
        return set()
    return found - _over


def _is_first(folder: Path) -> bool:
    """Leave a sign that the end was told; return whether there was none."""
    try:
        small_files.touch(folder / HEARD, is_new=True)
    except FileExistsError:
        return False
    except OSError:  # a full disk is no reason to keep silent
        return True
    return True
