"""Delivers key presses one at a time, each after the effects of the previous one are complete."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Protocol

from textual import events
from textual.app import App
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.worker import Worker, get_current_worker

from mlops_tui.tui.kit.keyboard import without_alt

MOST_PATIENCE = 2.0
"""The longest time in seconds that a key waits for the effects of the previous one."""

TOLD_AFTER = 2.0
"""Seconds after which the user is told that keys wait for a dialog."""

WAITING = "Reading data for the dialog… Keys are held until it opens; esc cancels it."

MOST_PASTED = 1_000
"""The most characters of a paste into a widget that has no limit of its own."""

MOVES = ("cursor_", "move_cursor", "scroll_", "page_", "delete_")
"""Prefixes of actions that change no focus: the next key is delivered at once."""


class Keys(Protocol):
    """What the queue needs from its app."""

    async def deliver(self, event: events.Event) -> None:
        """Process an event as Textual does."""

    def say_why_idle(self, target: Widget, key: str) -> None:
        """Show why a key did nothing."""

    def contain(self, error: Exception) -> None:
        """Show and log an error."""


class KeyQueue:
    """Delivers a key only after the effects of the previous key are complete.

    Textual delivers each key at once to the focused widget. Keys that arrive in one burst, as over
    a slow connection, would miss the dialog that the first of them opens.
    """

    def __init__(self, app: App[Any], keys: Keys) -> None:
        self._app = app
        self._keys = keys
        self._waiting: asyncio.Queue[events.Key | events.Paste] = asyncio.Queue()
        self._acted = ""
        """The name of the action that the last key ran."""
        self._drops = 0
        """How often the queue was cleared."""
        self._actions: dict[Worker[Any], bool] = {}
        """Running actions that open dialogs, and whether each has opened one."""
        self._awaited: set[Worker[Any]] = set()
        """Actions whose dialog is awaited."""
        self._opened = asyncio.Event()
        self._may_give_up = False
        """Whether the user was told that escape cancels the awaited dialog."""

    def begin(self) -> None:
        """Start delivering keys."""
        self._app.run_worker(self._deliver_all(), group="keys")

    def take(self, event: events.Event) -> bool:
        """Queue a key or a paste; return False for any other event."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            for key in without_alt(event):
                if key.key == "escape" and self._may_give_up:
                    self._give_up()
                else:
                    self._waiting.put_nowait(key)
            return True
        if isinstance(event, events.Paste) and not event.is_forwarded:
            self._waiting.put_nowait(event)
            return True
        return False

    def note_action(self, action: str) -> None:
        """Record the action that the current key runs."""
        self._acted = action.rpartition(".")[2]

    def note_dialog(self) -> None:
        """Record that the current action opens a dialog."""
        action = get_current_worker()
        if action in self._actions:
            self._actions[action] = True

    def await_next_dialog(self) -> None:
        """Hold further keys for a second dialog that the current action may open."""
        action = get_current_worker()
        if action in self._actions:
            self._await(action)

    def await_opening(self, action: Worker[Any]) -> None:
        """Hold further keys until the dialog that an action opens is there."""
        self._actions[action] = False
        self._await(action)

    def end_opening(self, action: Worker[Any], *, failed: bool) -> None:
        """Drop the keys that were held for a dialog that an action did not open."""
        had_dialog = self._actions.pop(action, False)
        if action in self._awaited:
            self._awaited.discard(action)
            if failed or not had_dialog:
                self.drop()
            if not self._awaited:
                self._opened.set()

    def stop_awaiting(self) -> None:
        """Deliver the held keys: the dialog is open, or the action has begun its change."""
        self._awaited.clear()
        self._opened.set()

    def _await(self, action: Worker[Any]) -> None:
        self._awaited.add(action)
        self._opened.clear()

    def _give_up(self) -> None:
        """Cancel the actions whose dialogs are awaited; each then drops its held keys."""
        for action in self._awaited:
            action.cancel()
        self._app.notify("Cancelled.", markup=False)

    def drop(self) -> None:
        """Clear the queue."""
        count = self._waiting.qsize()
        self._drops += 1
        while not self._waiting.empty():
            self._waiting.get_nowait()
        if self._may_give_up and count:
            keys = "1 key was" if count == 1 else f"{count:,} keys were"
            self._app.notify(f"{keys} dropped: the dialog did not open.", markup=False)

    async def _deliver_all(self) -> None:
        while True:
            event, drops = await self._waiting.get(), self._drops
            await self._await_dialog()
            if drops != self._drops:
                continue
            try:
                await self._deliver(event)
            except Exception as error:  # noqa: BLE001 - the next key is to have its effect
                self._keys.contain(error)

    async def _deliver(self, event: events.Key | events.Paste) -> None:
        """Deliver a key, then wait for its effects."""
        self._acted, target, has_passed = "", self._app.focused or self._app.screen, False
        way = list(target.ancestors_with_self)
        if isinstance(event, events.Paste) and not getattr(target, "LIMITS_PASTES", False):
            event.text = event.text[:MOST_PASTED]
        await self._keys.deliver(event)
        with suppress(TimeoutError):
            async with asyncio.timeout(MOST_PATIENCE):
                await _passed(way)
                has_passed = True
        if self._acted and not self._acted.startswith(MOVES):
            await self._stand_still(way)
        elif has_passed and not self._acted and isinstance(event, events.Key):
            self._keys.say_why_idle(target, event.key)

    async def _stand_still(self, way: Iterable[MessagePump]) -> None:
        """Wait until all effects of a key are complete."""
        for nodes in (way, (), ()):
            await self._await_dialog()
            with suppress(TimeoutError):
                async with asyncio.timeout(MOST_PATIENCE):
                    await _passed(nodes or self._app.screen.walk_children(with_self=True))
                    await _refreshed(self._app.screen)
                    await _passed([self._app])

    async def _await_dialog(self) -> None:
        """Wait until no dialog is awaited; tell the user if that takes long."""
        while self._awaited:
            try:
                async with asyncio.timeout(TOLD_AFTER):
                    await self._opened.wait()
            except TimeoutError:
                if not self._may_give_up:
                    self._may_give_up = True
                    self._app.notify(WAITING, markup=False, timeout=30)
        self._may_give_up = False


async def _passed(way: Iterable[MessagePump]) -> None:
    """Wait until each node has processed the messages sent to it so far."""
    for node in way:
        dealt = asyncio.Event()
        if node.call_later(dealt.set):
            await dealt.wait()


async def _refreshed(screen: MessagePump) -> None:
    drawn = asyncio.Event()
    if screen.call_after_refresh(drawn.set):
        await drawn.wait()
