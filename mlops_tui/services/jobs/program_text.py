"""The texts that a program is made of, read from the folders that it imports from."""

import ast
import os
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.argument import CommandLine
from mlops_tui.domain.jobs.cli_reading import LARGEST, read_source
from mlops_tui.domain.jobs.cli_reading.literal import imports
from mlops_tui.domain.jobs.cli_reading.local_imports import Beside, with_modules
from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.plain_text import one_line

Texts = tuple[tuple[str, str | None], ...]
"""Names of files with what stands in them, None where there is no such file."""

MOST_NAMES = 1_000
"""Names of a folder that are read."""


def read_program(source: Path, directory: Path) -> CommandLine:
    """Return the arguments of a program that is started in a directory."""
    return read_source(text_at(source), beside_of(source, directory))


def texts_of(source: Path, directory: Path) -> Texts:
    """Return the texts from which the arguments of a program are read, empty if it has none."""
    read, texts = beside_of(source, directory), dict[str, str | None]()

    def beside(path: str) -> str | None:
        return texts.setdefault(path, read(path))

    try:
        program = text_at(source)
        read_source(program, beside)
    except (OSError, ServiceError):
        return ()
    return (str(source), program), *texts.items()


def source_of(target: Target, directory: Path) -> Path | None:
    """Return the file of a script or a module, None where its text is not at hand."""
    if target.kind is TargetKind.MODULE:
        steps = Path(*target.name.split("."))
        places = (steps.with_suffix(".py"), steps / "__main__.py", "src" / steps.with_suffix(".py"))
        return next((directory / each for each in places if (directory / each).is_file()), None)
    path = Path(target.name)
    return path / "__main__.py" if path.is_dir() else path


def uses_package(source: Path, directory: Path, package: str) -> bool:
    """Return whether a program, or a module of its own that it uses, imports a package."""
    try:
        tree, _ = with_modules(ast.parse(text_at(source)), beside_of(source, directory))
    except (OSError, ServiceError, SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return imports(tree, package)


def beside_of(source: Path, directory: Path) -> Beside:
    """Return what reads the files that a program started in a directory imports from."""
    places = (source.parent, _package_root(source.parent), directory, directory / "src")
    return lambda path: _beside(path, places)


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
