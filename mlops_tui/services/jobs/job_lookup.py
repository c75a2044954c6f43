"""Training jobs by the beginning of their id."""

from pathlib import Path

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.jobs.jobs import list_jobs

LAST = "last"
"""What the newest job is called."""

SHOWN = 4
"""Jobs named where the beginning of an id fits several."""


def find_job(state_dir: Path, beginning: str) -> ProcessRecord:
    """Return the job whose id begins so, the newest for ``last``.

    Raises ``NotFound`` where there is none, ``InvalidInput`` where there are several.
    """
    known = list_jobs(state_dir)
    if beginning == LAST and known:
        return known[0]
    found = [job for job in known if beginning and job.process_id.startswith(beginning)]
    if not found:
        wanted = one_line(beginning, 60)
        hint = f"The newest is {known[0].process_id}." if known else "There are no jobs."
        raise NotFound(f"There is no job {wanted}.", hint)
    if len(found) > 1:
        ids = ", ".join(job.process_id for job in found[:SHOWN])
        raise InvalidInput(
            f"Several jobs begin with {one_line(beginning, 60)}: {ids}.", "Type more."
        )
    return found[0]
