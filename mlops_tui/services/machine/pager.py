"""A file in the person's own pager."""

from collections.abc import Mapping
from pathlib import Path

from mlops_tui.services.machine.lent_terminal import command_of, lend

VARIABLES = ("PAGER",)

FALLBACK = "less"


def page(path: Path, environ: Mapping[str, str]) -> None:
    """Show the file until the person has read it; raises ``ServiceError`` where none starts.

    ``less`` is told not to run anything for what the file holds, nor to edit it.
    """
    command = command_of(environ, VARIABLES, FALLBACK)
    lend("pager", command, path, VARIABLES, {**environ, "LESSSECURE": "1"})
