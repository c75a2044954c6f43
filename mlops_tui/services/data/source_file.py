"""Whether the file that a version of a data set came from is here, and still the same."""

from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.data.file_state import (
    FileState,
    SourceFile,
    covers_all_bytes,
    local_path,
)
from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.home_path import expanded
from mlops_tui.services.data import dvc_files
from mlops_tui.services.data.file_digest import digest_of, files_below

MOST_BYTES = 2_000_000_000
"""Bytes that are read for a look: three seconds."""
MOST_FILES = 20_000

OF_MLFLOW = "MLflow's digest covers 10,000 rows"


class _TooMuchError(Exception):
    """There is more than is read for a look."""


def look_at(state_dir: Path, source: str, digest: str) -> SourceFile:
    """Return what stands where a version came from; its bytes are compared where they are few.

    A digest that is in the cache of ``state_dir`` costs nothing.
    """
    path = local_path(source)
    if not path:
        return SourceFile("", FileState.ELSEWHERE)
    place = expanded(path)
    try:
        place.stat()
    except (OSError, ValueError):
        return SourceFile(path, FileState.GONE)
    if not covers_all_bytes(digest):
        return SourceFile(path, FileState.UNKNOWN, OF_MLFLOW)
    try:
        if place.is_dir():
            _refuse_many(place)
        found = digest_of(place, state_dir, _refuse_much)
    except _TooMuchError:
        return SourceFile(path, FileState.UNKNOWN, f"too large; mlops-tui data digest {path}")
    except ServiceError as error:
        return SourceFile(path, FileState.UNKNOWN, error.message)
    state = FileState.SAME if found.digest == digest else FileState.CHANGED
    tracked_by = ""
    with suppress(ServiceError):
        output = dvc_files.tracked(place)
        tracked_by = str(output.defined_in) if output and output.md5 == digest else ""
    return SourceFile(path, state, dvc=tracked_by)


def _refuse_many(folder: Path) -> None:
    for number, _ in enumerate(files_below(folder)):
        if number == MOST_FILES:
            raise _TooMuchError


def _refuse_much(_read: int, size: int) -> None:
    if size > MOST_BYTES:
        raise _TooMuchError
