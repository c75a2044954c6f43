"""Reads and writes the id that Slurm gave to a job: a file beside its record.

Not a part of it: the node writes the record as soon as the job runs, which may be before the
submission returns.
"""

from pathlib import Path

from mlops_tui.services.files import small_files

NAME = "slurm_id"


def write(folder: Path, job_id: str) -> None:
    """Write the id down; whoever comes first, it is the same."""
    small_files.write(folder / NAME, job_id.encode())


def read(folder: Path) -> str:
    """Return the id; empty while the job is being submitted."""
    try:
        return small_files.read_bytes(folder / NAME).decode()
    except (OSError, UnicodeDecodeError):
        return ""
