"""A text in the person's own editor."""

import os
import shlex
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.failures import translated

FALLBACK = "vi"
"""The editor where the environment names none; POSIX has it everywhere."""


def editor_command(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the words of ``VISUAL`` or ``EDITOR``; raises ``ServiceError`` for odd quotes."""
    for name in ("VISUAL", "EDITOR"):
        if environ.get(name, "").strip():
            try:
                return tuple(shlex.split(environ[name]))
            except ValueError:
                raise ServiceError(
                    f"{name} is no command: a quote in it is not closed.", f"Set {name} anew."
                ) from None
    return (FALLBACK,)


@translated()
def edit_text(text: str, environ: Mapping[str, str]) -> str:
    """Return the text as the person left it; the terminal has to be free for the editor."""
    import subprocess

    command = editor_command(environ)
    with tempfile.TemporaryDirectory(prefix="mlops-tui-") as folder:
        path = Path(folder) / "note.md"
        path.write_text(text, encoding="utf-8")
        try:
            with _interrupts_are_the_editors():
                ended = subprocess.run([*command, os.fspath(path)], check=False)  # noqa: S603 - no shell
        except OSError as error:
            raise ServiceError(
                f"The editor {command[0]} does not start: {error.strerror}.",
                "Set VISUAL or EDITOR to one that is installed.",
            ) from None
        if ended.returncode:
            raise ServiceError(
                f"{command[0]} ended with code {ended.returncode}.", "The text is as it was before."
            )
        return _read(path, text)


@contextmanager
def _interrupts_are_the_editors() -> Iterator[None]:
    """Let ctrl+c reach the editor alone; ignoring it here would make the editor ignore it too."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _read(path: Path, before: str) -> str:
    """Return what the editor wrote, without the line end that it adds."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ServiceError(
            "The editor left no UTF-8 text.", "The text is as it was before."
        ) from None
    return text if before.endswith("\n") else text.removesuffix("\n")
