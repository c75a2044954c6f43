"""Commands of other people that answer within seconds."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import CompletedProcess


def answer_of(
    command: Sequence[str],
    *,
    limit: float,
    text: str = "",
    folder: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> "CompletedProcess[str]":
    """Return what a command printed, and its exit code; it reads ``text`` as its input.

    Raises ``OSError`` or ``ValueError`` where it cannot be started, and
    ``subprocess.TimeoutExpired`` after ``limit`` seconds.
    """
    # Who waits in the queue does without it.
    import subprocess

    return subprocess.run(  # noqa: S603 - a list of arguments, no shell
        command,
        input=text,
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=limit,
        check=False,
    )
