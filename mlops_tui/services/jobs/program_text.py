"""The texts that a program is made of, read from the folders that it imports from."""

import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading import LARGEST, read_source
from mlops_tui.domain.plain_text import one_line

MOST_NAMES = 1_000
"""Names of a folder that are read."""


def read_program(source: Path, directory: Path) -> CommandLine:
    """Return the arguments of a program that is started in a directory."""
    places = (source.parent, _package_root(source.parent), directory, directory / "src")
    return read_source(text_at(source), lambda path: _beside(path, places))


def _package_root(folder: Path) -> Path:
    """Return where the package of a folder is imported from; the folder itself if it is none."""
    is_inside = (folder / "__init__.py").is_file() and folder != folder.parent
    return _package_root(folder.parent) if is_inside else folder


def text_at(path: Path) -> str:
    """Return the beginning of a text file, enough of it to be read or to be seen too long."""
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if b"\0" in data[:1000]:
        raise ServiceError(f"{one_line(str(path), 300)} is no text.")
    return data.decode("utf-8", "replace")


def _beside(path: str, places: Sequence[Path]) -> str | None:
    for place in places:
        found = Path(os.path.normpath(place / path))
        try:
            if path.endswith("/") and found.is_dir():
                return "\n".join(each.name for each in islice(found.iterdir(), MOST_NAMES))
            if found.is_file():
                return text_at(found)
        except (OSError, ServiceError, ValueError):
            continue
    return None
