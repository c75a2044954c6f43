"""Downloading a file, reading it in a pager, opening a copy in an editor."""

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.artifacts import artifact_copy
from mlops_tui.services.machine import editor, lent_terminal
from mlops_tui.tui.artifacts.download_dialog import DownloadDialog
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.suspend import lend_terminal


async def download(screen: ControlScreen, ref: ArtifactRef) -> None:
    """Ask for a path, then write the file or folder there."""
    written = await screen.shell.push_screen_wait(DownloadDialog(ref))
    if written:
        screen.tell(f"Wrote {written}.")


async def read_in_pager(screen: ControlScreen, ref: ArtifactRef) -> None:
    """Show a file in the person's pager."""
    path = await screen.ask(artifact_copy.readable, screen.shell.settings.store, ref)
    await _lend(screen, path, lent_terminal.page, "a pager")


async def open_copy(screen: ControlScreen, ref: ArtifactRef) -> None:
    """Open a copy of a file in the person's editor."""
    path = await screen.ask(artifact_copy.editable, screen.shell.settings.store, ref)
    await _lend(screen, path, editor.open_file, "an editor")
    screen.tell(f"That was a copy of {ref.name}: changes were not kept.")


async def _lend(
    screen: ControlScreen, path: Path, use: Callable[[Path, Mapping[str, str]], None], what: str
) -> None:
    failure = lend_terminal(screen.app, partial(use, path, os.environ), what)
    await screen.ask(artifact_copy.give_back, path)
    if failure:
        raise ServiceError(failure)
