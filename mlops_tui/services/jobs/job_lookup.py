"""Training jobs by the beginning of their id."""

from pathlib import Path

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.jobs.jobs import list_jobs
from mlops_tui.services.processes.process_lookup import find_process


def find_job(state_dir: Path, beginning: str) -> ProcessRecord:
    """Return the job whose id begins so, the newest for ``last``.

    Raises ``NotFound`` where there is none, ``InvalidInput`` where there are several.
    """
    return find_process(list_jobs(state_dir), beginning, "job")
