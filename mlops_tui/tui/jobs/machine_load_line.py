"""The line that says how busy the machine is."""

from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from textual import work
from textual.app import ComposeResult
from textual.widget import Widget

from mlops_tui.domain.errors import ServiceError
from mlops_tui.services.machine import machine_load
from mlops_tui.tui.jobs.machine_load_text import load_line
from mlops_tui.tui.kit.app_access import ask
from mlops_tui.tui.kit.steady_text import SteadyText

if TYPE_CHECKING:
    from mlops_tui.domain.machine.machine_load import BoxLoad

INTERVAL = 3.0
"""Seconds between two looks: shorter ones are noise, and each is drawn over a slow link."""


class BoxLoadLine(Widget):
    """Reads the load when its owner says so, which goes on with its own data meanwhile."""

    DEFAULT_CSS = "BoxLoadLine { height: 1; padding: 0 1; SteadyText { width: 1fr; height: 1; } }"

    def __init__(self) -> None:
        super().__init__()
        self._load: BoxLoad | None = None
        self._due = 0.0
        self._reading = False

    def compose(self) -> ComposeResult:
        """Hold the text."""
        yield SteadyText(id="load")

    def renew(self) -> None:
        """Read the load anew, unless that is going on, or was done a moment ago."""
        if not self._reading and monotonic() >= self._due:
            self._reading = True
            self._read()

    @work(group="load of the machine")
    async def _read(self) -> None:
        before = self._load.cpu_times if self._load else None
        try:
            self._load = await ask(self, machine_load.read_load, Path.cwd(), before)
        except ServiceError:
            self._load = None  # the screen says what is wrong with the service process
        finally:
            self._reading = False
            self._due = monotonic() + INTERVAL
        self._show()

    def on_resize(self) -> None:
        """Fit the text."""
        self._show()

    def _show(self) -> None:
        text = load_line(self._load, self.content_size.width) if self._load else ""
        self.query_one(SteadyText).update(text, layout=False)
