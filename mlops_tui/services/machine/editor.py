"""A text in the person's own editor."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.machine.lent_terminal import command_of, lend
from mlops_tui.services.store.failures import translated

VARIABLES = ("VISUAL", "EDITOR")

FALLBACK = "vi"
"""The editor where the environment names none; POSIX has it everywhere."""


def editor_command(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of ``VISUAL`` or ``EDITOR``; raises ``ServiceError`` for odd quotes."""
    return command_of(environ, VARIABLES, FALLBACK)


@translated()
def edit_text(text: str, environ: Mapping[str, str], name: str = "note.md") -> str:
    """Return the text as the person left it; the terminal has to be free for the editor.

    By the ``name`` of its file the editor knows what kind of text it is.
    """
    command = editor_command(environ)
    with tempfile.TemporaryDirectory(prefix="mlops-tui-") as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        code = lend("editor", command, path, VARIABLES)
        if code:
            raise ServiceError(
                f"{command[0]} ended with code {code}.", "The text is as it was before."
            )
        return _read(path, text)


def open_file(path: Path, environ: Mapping[str, str]) -> None:
    """Open a file until the person closes the editor; raises ``ServiceError`` if none starts."""
    lend("editor", editor_command(environ), path, VARIABLES)


def _read(path: Path, before: str) -> str:
    """Return what the editor wrote, without the line end that it adds."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ServiceError(
            "The editor left no UTF-8 text.", "The text is as it was before."
        ) from None
    return text if before.endswith("\n") else text.removesuffix("\n")
