"""An app that survives errors in its widgets and delivers keys in order."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from textual import events
from textual.app import App, ScreenStackError
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.notifications import Notify
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets._toast import Toast, ToastHolder
from textual.worker import Worker, get_current_worker

from mlops_tui.tui.kit.fault_isolation import Faults, contain_in_app
from mlops_tui.tui.kit.key_queue import KeyQueue
from mlops_tui.tui.kit.keyboard import KeyDriver

ROWS_PER_NOTICE = 15
"""One notice of a kind is shown at once for so many rows of the screen."""


class SteadyApp(App[int]):
    """Delegates errors to ``faults`` and keys to ``keys``."""

    def __init__(self, fault_log: Path | None = None) -> None:
        super().__init__()
        self.faults = Faults(self, fault_log)
        self.keys = KeyQueue(self, self)
        self._another_screen = asyncio.Event()

    def on_load(self) -> None:
        """Handle errors that nothing on the loop awaits."""
        self.faults.begin()

    def on_mount(self) -> None:
        """Start delivering keys and noticing changes of the screen."""
        self.keys.begin()
        self.screen_change_signal.subscribe(self, self._screen_changed, immediate=True)

    def _screen_changed(self, _screen: Screen[Any]) -> None:
        self._another_screen.set()
        self._another_screen = asyncio.Event()

    async def until_screen(self, fits: Callable[[Screen[Any]], bool]) -> None:
        """Wait until a screen that fits is on top; only in a worker, so that no key waits."""
        while not fits(self.screen):
            await self._another_screen.wait()

    def contain(self, error: Exception) -> None:
        """Show and log an error, unless it was shown before."""
        self.faults.contain(error)

    async def persist(self, work: Callable[[], Coroutine[Any, Any, None]], pause: float) -> None:
        """Run work that never ends; restart it ``pause`` seconds after an error."""
        await self.faults.persist(work, pause)

    def _handle_exception(self, error: Exception) -> None:
        if not contain_in_app(self, self.faults, error):
            super()._handle_exception(error)

    def _fatal_error(self) -> None:
        """End the app with a traceback without the values of variables."""
        from rich.traceback import Traceback

        self._exit_renderables.append(Traceback(show_locals=False))
        self._close_messages_no_wait()

    def get_driver_class(self) -> type[Driver]:
        """Use ``KeyDriver`` on a Linux terminal."""
        chosen = super().get_driver_class()
        return KeyDriver if chosen is LinuxDriver else chosen

    async def on_event(self, event: events.Event) -> None:
        """Queue keys; process other events."""
        if not self.keys.take(event):
            await self.deliver(event)

    async def deliver(self, event: events.Event) -> None:
        """Process an event as Textual does."""
        await super().on_event(event)

    async def run_action(self, action: Any, *args: Any, **kwargs: Any) -> bool:
        """Record the action that the current key runs."""
        done = await super().run_action(action, *args, **kwargs)
        if done and isinstance(action, str):
            self.keys.note_action(action)
        return done

    def push_screen(self, *args: Any, **kwargs: Any) -> Any:
        """Open a screen; held keys go to it."""
        self.stop_awaiting()
        return super().push_screen(*args, **kwargs)

    async def push_screen_wait(self, *args: Any, **kwargs: Any) -> Any:
        """Open a dialog; hold further keys for a second one that may follow.

        It opens over the screen that asks, once that is on top: never over another dialog.
        """
        asking = get_current_worker().node.screen
        if self.screen is not asking:
            self.keys.drop()
            self.stop_awaiting()
            await self.until_screen(lambda screen: screen is asking)
        self.keys.note_dialog()
        answer = await super().push_screen_wait(*args, **kwargs)
        if answer is not None:
            self.keys.await_next_dialog()
        return answer

    def say_why_idle(self, target: Widget, key: str) -> None:
        """Show why a key did nothing."""

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Give the terminal to another program; drop the keys that were meant for it."""
        self.keys.drop()
        self.stop_awaiting()
        with super().suspend():
            yield

    def await_opening(self, action: Worker[None]) -> None:
        """Hold further keys until the dialog that an action opens is there."""
        self.keys.await_opening(action)

    def end_opening(self, action: Worker[None], *, failed: bool) -> None:
        """Drop the keys that were held for a dialog that an action did not open."""
        self.keys.end_opening(action, failed=failed)

    def stop_awaiting(self) -> None:
        """Deliver the held keys: the dialog is open, or the action has begun its change."""
        self.keys.stop_awaiting()

    def on_notify(self, event: Notify) -> None:
        """Remove earlier notices of the same kind if there are too many."""
        most = max(1, self.size.height // ROWS_PER_NOTICE)
        alike = [n for n in self._notifications if n.severity == event.notification.severity]
        for earlier in alike[: max(0, len(alike) + 1 - most)]:
            self._unnotify(earlier, refresh=False)

    def _refresh_notifications(self) -> None:
        """Update the notices; remove the empty lines of those that are gone."""
        with suppress(ScreenStackError):
            for holder in self.screen.query(ToastHolder):
                toasts = [toast._notification for toast in holder.query(Toast)]  # noqa: SLF001 - has no public name
                if holder.is_mounted and not any(each in self._notifications for each in toasts):
                    holder.remove()
        super()._refresh_notifications()
