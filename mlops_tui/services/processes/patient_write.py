"""Writing of a record until that is possible: a disk may be full, a file system away."""

import time
from pathlib import Path

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.processes import records

PATIENCE = 1.0
"""Seconds between two tries."""


def write(folder: Path, record: ProcessRecord) -> None:
    """Write a record, trying again until it is written, or its folder was removed."""
    while not try_to_write(folder, record) and not records.is_removed(folder):
        time.sleep(PATIENCE)


def try_to_write(folder: Path, record: ProcessRecord) -> bool:
    """Write a record; return whether that was possible."""
    try:
        records.write(folder, record)
    except OSError:
        return False
    return True
