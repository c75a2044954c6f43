"""The rows of a table in files, a batch at a time."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.services.drift.tables import Progress, TableFiles
from mlops_tui.services.model_programs.problem import Problem

if TYPE_CHECKING:
    import pyarrow as pa


def batches(
    word: str, folder: Path, columns: Sequence[str] = (), progress: Progress | None = None
) -> Iterator["pa.Table"]:
    """Yield the rows of a file, a folder or a glob but broken ones; nested columns are left out.

    Raises ``NotFound`` where there is no such file, ``InvalidInput`` where one cannot be read.
    """
    from mlops_tui.services.model_programs.batch_program.source import find_files, reader_of

    try:
        files = find_files([word], folder)
    except Problem as problem:
        raise NotFound(str(problem)) from None
    try:
        table = TableFiles([reader_of(path) for path in files], columns)
        yield from table.batches(progress or (lambda _share: None))
    except Problem as problem:
        raise InvalidInput(str(problem)) from None
