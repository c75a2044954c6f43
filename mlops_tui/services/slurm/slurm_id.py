"""The id that Slurm gave to a job: a file beside its record.

Not a part of it: the node writes the record as soon as the job runs, which may be before the
submission returns.
"""

import os
from pathlib import Path

NAME = "slurm_id"


def write(folder: Path, job_id: str) -> None:
    """Write the id down; whoever comes first, it is the same."""
    draft = folder / f"{NAME}.{os.getpid()}"
    draft.write_text(job_id)
    draft.replace(folder / NAME)


def read(folder: Path) -> str:
    """Return the id; empty while the job is being submitted."""
    try:
        return (folder / NAME).read_text()
    except OSError:
        return ""
