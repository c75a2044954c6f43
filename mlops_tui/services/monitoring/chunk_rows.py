"""The rows of chunks, kept on the monitor's machine: captured requests do not leave it.

They are there so that labels which come later find their rows, and for training on them. Where
they are gone, what was found out stays in MLflow.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.services.monitoring.monitor_folder import folder_of, made

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "rows"
MOST_CHUNKS = 500
MOST_BYTES = 2 * 1024**3
"""Of all chunks of a monitor; the oldest go first."""


def write_rows(
    state_dir: Path, monitor_id: str, version: str, number: int, table: "pa.Table"
) -> None:
    """Keep the rows of a chunk, readable by their owner alone. Raises ``OSError``."""
    import pyarrow.parquet as pq

    folder = made(state_dir, monitor_id) / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = _path(state_dir, monitor_id, version, number)
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
        pq.write_table(table, file)
    draft.replace(path)
    _remove_old(folder)


def read_rows(state_dir: Path, monitor_id: str, version: str, number: int) -> "pa.Table | None":
    """Return the rows of a chunk, None where they are no longer kept here."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with suppress(OSError, pa.ArrowException):
        return pq.read_table(_path(state_dir, monitor_id, version, number))
    return None


def kept_chunks(state_dir: Path, monitor_id: str, version: str) -> list[int]:
    """Return the numbers of the chunks whose rows are kept here, in order."""
    folder = folder_of(state_dir, monitor_id) / FOLDER
    names = (path.stem.partition("-") for path in folder.glob(f"{version}-*.parquet"))
    return sorted(int(number) for _, _, number in names if number.isdecimal())


def labelled_rows(
    state_dir: Path, monitor_id: str, version: str, numbers: Iterable[int]
) -> Iterator["pa.Table"]:
    """Yield the kept rows of chunks; their labels, as far as known, in the column ``label``."""
    for number in numbers:
        table = read_rows(state_dir, monitor_id, version, number)
        if table is not None:
            yield table


def _path(state_dir: Path, monitor_id: str, version: str, number: int) -> Path:
    return folder_of(state_dir, monitor_id) / FOLDER / f"{version}-{number}.parquet"


def _remove_old(folder: Path) -> None:
    files = []
    for path in folder.glob("*.parquet"):
        with suppress(OSError):
            status = path.stat()
            files.append((status.st_mtime, status.st_size, path))
    files.sort(reverse=True)
    total = 0
    for place, (_, size, path) in enumerate(files):
        total += size
        if place >= MOST_CHUNKS or (total > MOST_BYTES and place):
            path.unlink(missing_ok=True)
