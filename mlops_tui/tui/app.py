"""The Textual app: modes, theme, palette, signals, background watches."""

import asyncio
import gc
import os
import signal
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import SystemCommand
from textual.filter import LineFilter
from textual.screen import Screen
from textual.signal import Signal
from textual.widget import Widget

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run_selection import RunSelection
from mlops_tui.services.worker.service_process import ServiceProcess
from mlops_tui.settings import Settings
from mlops_tui.tui.keys_everywhere import EVERYWHERE
from mlops_tui.tui.kit.backend import Backend
from mlops_tui.tui.kit.contrast import ContrastFilter, offered_themes
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.status_bar import StatusBar
from mlops_tui.tui.kit.steady_app import SteadyApp
from mlops_tui.tui.modes import MODES, first_mode, places
from mlops_tui.tui.navigation import Navigation
from mlops_tui.tui.stores.store_switch import StoreSwitch

if TYPE_CHECKING:
    from mlops_tui.domain.store import Store
    from mlops_tui.services.stores.tunnel import Tunnel
    from mlops_tui.tui.kit.messages import Changed
    from mlops_tui.tui.kit.write import Write

TERMINATED = 128 + signal.SIGTERM
"""The exit code after SIGTERM, as shells report it."""

WATCH_PAUSE = 10.0
"""Seconds until a background watch that failed starts again."""

MOST_UNDONE = 30
"""Depth of the undo stack; each entry keeps its screen in memory."""

FAULT_LOG = "interface.log"
"""Name of the log of unexpected errors, in the state directory."""


class ControlRoom(SteadyApp):
    """The app. The signal ``changed`` tells every screen what another one wrote."""

    TITLE = "mlops-tui"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    BINDINGS = [*bindings(EVERYWHERE)]
    ENABLE_COMMAND_PALETTE = True
    places = staticmethod(places)

    def __init__(
        self, settings: Settings, process: ServiceProcess, tunnel: "Tunnel | None" = None
    ) -> None:
        # Textual reads both of the instance; the first screen becomes a mode when it is there.
        self.DEFAULT_MODE = first_mode(settings)  # type: ignore[misc]
        others = {name: mode for name, mode in MODES.items() if name != self.DEFAULT_MODE}
        self.MODES = {name: mode.make for name, mode in others.items()}  # type: ignore[misc]
        super().__init__(settings.state_dir / FAULT_LOG)
        self.settings = settings
        self.backend = Backend(process, self.mlflow_loaded, self.backend_failed)
        self.backend.tunnel = tunnel
        self.changed: Signal[Changed] = Signal(self, "changed")
        self.undo_stack: deque[Write[Any]] = deque(maxlen=MOST_UNDONE)
        self.selection = RunSelection()
        self.navigation = Navigation(self)
        self.stores = StoreSwitch(self)
        self.at_start = copy_context()
        """The context for what outlives a screen: a task keeps that of who starts it, and with it
        the screen and its data."""
        self._contrast = ContrastFilter()
        self._watching_jobs = False
        self._opened_at = time.time_ns() // 1_000_000
        self.loading_word = "loading MLflow…"
        self.losses: tuple[str, ...] = ()
        self.animation_level = "none"
        self.theme = settings.theme
        for name in set(self.available_themes) - set(offered_themes()):
            self.unregister_theme(name)

    @property
    def job_python(self) -> str:
        """The interpreter that runs jobs and servers."""
        from mlops_tui.services.jobs.python_env import find_job_python

        return find_job_python(self.settings.python, os.environ).path

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Add the filter that ensures contrast, after the others."""
        return [*super().get_line_filters(), self._contrast]

    def on_load(self) -> None:
        """Start reading from the service process; exit on SIGTERM."""
        self.backend.start()
        self.at_start = copy_context()
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, partial(self.exit, return_code=TERMINATED))

    def get_default_screen(self) -> Screen[Any]:
        """Return the first screen; as a mode it would make Textual parse all styles three times."""
        return MODES[self.DEFAULT_MODE].make()

    def on_mount(self) -> None:
        """Register the first screen as a mode."""
        self.add_mode(self.DEFAULT_MODE, MODES[self.DEFAULT_MODE].make)

    def on_ready(self) -> None:
        """Enable the garbage collector, which is off during the start."""
        self.call_after_refresh(gc.enable)

    async def action_quit(self) -> None:
        """Quit; changes that are being written are waited for."""
        from mlops_tui.tui.leaving import leave

        leave(self)

    def on_unmount(self) -> None:
        """End the service process; jobs and servers keep running."""
        self.backend.close()

    async def action_show_place(self, mode: str) -> None:
        """Switch to a screen, and close what was opened over it."""
        await self.navigation.show_place(mode)

    async def on_status_bar_chosen(self, event: StatusBar.Chosen) -> None:
        """Switch to the screen whose name was clicked."""
        await self.navigation.show_place(event.mode)

    def get_system_commands(self, _screen: Screen[Any]) -> Iterable[SystemCommand]:
        """Add "Theme" to the palette."""
        yield SystemCommand("Theme", "Choose the colours", self.action_change_theme)

    def action_command_palette(self) -> None:
        """Open the palette."""
        from mlops_tui.tui.palette import Palette

        if not Palette.is_open(self):  # type: ignore[arg-type]
            self.push_screen(Palette())

    def choose_store(self, chosen: "Store | None" = None) -> None:
        """Open the list of stores; one that is chosen already is opened at once."""
        self.stores.choose(chosen)

    action_stores = choose_store

    def action_help(self) -> None:
        """Open the help of the current screen."""
        from mlops_tui.tui.help_dialog import HelpDialog

        self.push_screen(HelpDialog(self.screen))

    def watch_jobs(self) -> None:
        """Start watching for jobs that end, once."""
        if not self._watching_jobs:
            self._watching_jobs = True
            for begin in (self._watch, self.stores.remember):
                self.at_start.copy().run(begin)

    def _watch(self) -> None:
        from mlops_tui.tui.job_watch import watch_jobs
        from mlops_tui.tui.monitor_resuming import resume_monitors
        from mlops_tui.tui.run_watch import watch_runs

        watches = {
            "job watch": lambda: watch_jobs(self, self._opened_at),
            "run watch": lambda: watch_runs(self),
            "monitors": lambda: resume_monitors(self),
        }
        for group, watch in watches.items():
            self.run_worker(self.persist(watch, WATCH_PAUSE), group=group)

    def say_why_idle(self, target: Widget, key: str) -> None:
        """Show once why a key did nothing, unless it was typed into a field."""
        from mlops_tui.tui.idle_keys import owns_keys, why_idle

        if owns_keys(target):
            return
        reason = one_line(why_idle(self.screen, key), 400)
        if not any(each.message == reason for each in self._notifications):
            self.notify(reason, severity="warning", markup=False)

    def send(self, sequence: str) -> None:
        """Send an escape sequence to the terminal."""
        if self._driver is not None and not self.is_headless and sequence:
            self._driver.write(sequence)

    def mlflow_loaded(self, _version: str = "") -> None:
        """Read at once: the services can answer now."""
        from mlops_tui.tui.kit.control_screen import ControlScreen

        self.loading_word = "reading…"
        for screen in self.screen_stack:
            if isinstance(screen, ControlScreen):
                screen.poller.retry()
        self._learn_losses()

    @work(group="losses")
    async def _learn_losses(self) -> None:
        """Ask what is slower with the installed MLflow."""
        from mlops_tui.services.mlflow_internals import losses

        with suppress(ServiceError):
            self.losses = await self.backend.call(losses, self.settings.store)

    def backend_failed(self, error: ServiceError) -> None:
        """Tell why the service process ended, or could not import MLflow."""
        self.notify(one_line(str(error), 600), severity="error", markup=False, timeout=10)
