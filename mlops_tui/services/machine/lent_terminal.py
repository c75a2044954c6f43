"""The terminal lent to a program of the person's own."""

import os
import shlex
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from mlops_tui.domain.errors import ServiceError

PAGERS = ("PAGER",)
"""The variables that name a pager."""


def command_of(
    environ: Mapping[str, str], variables: Sequence[str], fallback: str
) -> tuple[str, ...]:
    """Return the words of the first variable that is set; ``ServiceError`` for odd quotes."""
    for name in variables:
        if environ.get(name, "").strip():
            try:
                return tuple(shlex.split(environ[name]))
            except ValueError:
                raise ServiceError(
                    f"{name} is no command: a quote in it is not closed.", f"Set {name} anew."
                ) from None
    return (fallback,)


def lend(
    what: str,
    command: Sequence[str],
    path: Path,
    variables: Sequence[str],
    environ: Mapping[str, str] | None = None,
) -> int:
    """Run the editor or pager (``what``) on a file, return its exit code.

    The terminal has to be free. ``variables`` are those that name the command, for the hint when it
    does not start.
    """
    import subprocess

    try:
        with _interrupts_are_its_own():
            ended = subprocess.run([*command, os.fspath(path)], check=False, env=environ)  # noqa: S603 - no shell
    except OSError as error:
        raise ServiceError(
            f"The {what} {command[0]} does not start: {error.strerror}.",
            f"Set {' or '.join(variables)} to one that is installed.",
        ) from None
    return ended.returncode


def page(path: Path, environ: Mapping[str, str]) -> None:
    """Show a file in the person's pager; raises ``ServiceError`` where none starts.

    ``less`` is told not to run anything for what the file holds, nor to edit it.
    """
    command = command_of(environ, PAGERS, "less")
    lend("pager", command, path, PAGERS, {**environ, "LESSSECURE": "1"})


@contextmanager
def _interrupts_are_its_own() -> Iterator[None]:
    """Let ctrl+c reach the program alone; ignoring it here would make it ignore that too."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
