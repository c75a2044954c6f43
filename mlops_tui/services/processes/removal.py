"""Deletion of the record and the log of a process that has ended."""

import shutil
from pathlib import Path

from mlops_tui.domain.errors import Conflict, ServiceError
from mlops_tui.domain.processes.process import ProcessRecord


def refuse_underway(record: ProcessRecord) -> None:
    """Raise ``Conflict`` where the process, or the update of its runs, has not ended."""
    if record.is_settling:
        raise Conflict(f"The runs of {record.title} are still being settled.", "Stop skips that.")
    if record.state.is_active:
        raise Conflict(f"{record.title} is still {record.state.value}.", "Stop it first.")


def remove(folder: Path, record: ProcessRecord) -> None:
    """Delete the folder of a process. Raise ``ServiceError``."""
    try:
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            # Its supervisor was still deleting what it had made there.
            shutil.rmtree(folder)
    except OSError as error:
        raise ServiceError(f"The record of {record.title} cannot be removed: {error}") from error
