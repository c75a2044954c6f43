"""A file that a person asked for."""

from pathlib import Path

from mlops_tui.domain.errors import Conflict
from mlops_tui.services.store.failures import translated


@translated()
def write_file(path: Path, text: str, *, overwrite: bool = False) -> Path:
    """Write the text; raises ``Conflict`` when the file is there, unless it may be replaced."""
    try:
        with path.open("w" if overwrite else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Conflict(f"{path.name} is there already.", "Choose another name.") from None
    return path
