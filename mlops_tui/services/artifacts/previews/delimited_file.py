"""A look into a table in text (CSV, TSV)."""

import csv
from pathlib import Path

from mlops_tui.domain.artifacts.artifact import decode
from mlops_tui.domain.artifacts.delimited import MOST_COLUMNS, MOST_ROWS, read_rows
from mlops_tui.domain.artifacts.preview import Preview, TablePreview
from mlops_tui.domain.plain_text import counted
from mlops_tui.services.artifacts.artifact_file import head_of
from mlops_tui.services.artifacts.artifacts import FETCH_LIMIT
from mlops_tui.services.artifacts.previews.text_file import LIMIT, plain

HEAD = 128 * 1024
"""Bytes that are read; also what Python's ``csv`` takes in one cell."""

CHUNK = 1024 * 1024


def preview(path: str, file: Path, _room: tuple[int, int]) -> Preview:
    """Return the first rows."""
    head, size = head_of(file, HEAD)
    found = decode(path, head, size)
    if found.is_binary:
        return Preview(
            path=path, size=size, remark="In spite of its name this is binary; it is not shown."
        )
    is_cut = found.is_truncated
    try:
        header, *rows = read_rows(
            found.text.removeprefix("\ufeff"), tabs=path.lower().endswith(".tsv"), is_cut=is_cut
        )
    except (csv.Error, ValueError):
        return plain(path, file, LIMIT, remark="This cannot be read as a table.")
    count = _count(file, size, is_cut=is_cut, shown=len(rows))
    return TablePreview(
        path=path, size=size, remark=_remark(count, len(header)), columns=header, rows=tuple(rows)
    )


def _count(file: Path, size: int, *, is_cut: bool, shown: int) -> str:
    """Return how many rows there are, where that costs little."""
    if not is_cut and shown < MOST_ROWS:
        return counted(shown, "row")
    if size > FETCH_LIMIT:
        return f"The first {counted(shown, 'row')}"
    lines = 0
    with file.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            lines += chunk.count(b"\n")
    return f"The first {counted(shown, 'row')} of {counted(lines, 'line')}"


def _remark(count: str, columns: int) -> str:
    if columns == MOST_COLUMNS:
        return f"{count}, the first {columns} columns."
    return f"{count}, {counted(columns, 'column')}."
