"""Shows how far files are read; esc stops that."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from uuid import uuid4

from textual import work
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.data import watched_reading
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.formatting import bar
from mlops_tui.tui.kit.service_call import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from textual.widget import Widget

    from mlops_tui.tui.kit.control_screen import ControlScreen

R = TypeVar("R")

SHORT = 0.7
"""Seconds after which a reading that goes on is shown."""
POLL_INTERVAL = 0.3
"""Seconds between two updates of the share."""
BAR = 24
"""Cells of the bar."""


class ReadingDialog(Dialog[bool]):
    """Watches a reading until it has ended; dismisses with whether it has."""

    HAS_EQUIVALENT: ClassVar[bool] = False

    def __init__(self, paths: Iterable[str], reading: str, answer: asyncio.Future[Any]) -> None:
        super().__init__(f"Reading {' and '.join(Path(path).name for path in paths)}")
        self._reading = reading
        self._answer = answer

    def compose_body(self) -> Iterable[Widget]:
        """Show the share that is read."""
        yield Static("counting…", id="progress", markup=False)
        yield Static("esc stops it", classes="explain")

    def on_mount(self) -> None:
        """Begin to watch."""
        self._watch()

    @work
    async def _watch(self) -> None:
        while not self._answer.done():
            try:
                share = await ask(self, watched_reading.share_read, self._reading)
            except ServiceError:
                break  # the reading fails with the same reason
            if share:
                self.query_one("#progress", Static).update(f"{bar(share, BAR)} {share:4.0%}")
            await asyncio.wait([self._answer], timeout=POLL_INTERVAL)
        # Help may lie above it. If it was dismissed, this is cancelled.
        while not self.is_current:  # noqa: ASYNC110 - nothing tells of that
            await asyncio.sleep(POLL_INTERVAL)
        self.dismiss(result=True)


async def read_watched(screen: ControlScreen, function: Callable[..., R], *paths: str) -> R | None:
    """Return what a function of ``watched_reading`` returns of files; None where it was stopped."""
    reading = uuid4().hex
    answer = asyncio.ensure_future(screen.ask(function, reading, *paths, Path.cwd()))
    try:
        await asyncio.wait([answer], timeout=SHORT)
        if not answer.done():
            dialog = ReadingDialog(paths, reading, answer)
            if not await screen.shell.push_screen_wait(dialog):
                screen.tell("Stopped reading.")
                return None
        return await answer
    finally:
        if not answer.done():
            answer.cancel()
            await screen.ask(watched_reading.stop_reading, reading)
