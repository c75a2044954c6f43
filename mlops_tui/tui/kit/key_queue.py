"""Delivers queued keys one at a time, each after the effects of the key before have settled."""

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
"""Seconds that a key waits for what the key before it brings about: nobody is locked out."""

TOLD_AFTER = 2.0
"""Seconds of waiting for a dialog after which the person is told."""

WAITING = "Reading before the dialog opens. Keys wait for it; escape gives it up."

MOST_PASTED = 1_000
"""Characters of a paste that go to a widget which sets no limit of its own, such as Textual's."""

MOVES = ("cursor_", "move_cursor", "scroll_", "page_", "delete_")
"""How the names of actions begin after which keys go where they went before."""


class Keys(Protocol):
    """What a queue of keys needs of its app."""

    async def deliver(self, event: events.Event) -> None:
        """Hand on an event as Textual does."""

    def say_why_idle(self, target: Widget, key: str) -> None:
        """Say why a key did nothing."""

    def contain(self, error: Exception) -> None:
        """Tell and log an error."""


class KeyQueue:
    """Hands on a key only when the key before it has had its effect.

    Textual hands on each key at once, to whatever has the focus at that moment. Keys that come in
    one burst, as over a slow line, would pass by the dialog which the first of them opens.
    """

    def __init__(self, app: App[Any], keys: Keys) -> None:
        self._app = app
        self._keys = keys
        self._ahead: asyncio.Queue[events.Key | events.Paste] = asyncio.Queue()
        self._acted = ""
        """What the last key did: the name of an action."""
        self._drops = 0
        """How often the keys that waited were dropped."""
        self._actions: dict[Worker[Any], bool] = {}
        """Actions under way that open dialogs; whether one was opened already."""
        self._awaited: set[Worker[Any]] = set()
        """Actions of which a dialog is awaited."""
        self._opened = asyncio.Event()
        self._may_give_up = False
        """Whether the person was told that escape ends the wait for a dialog."""

    def begin(self) -> None:
        """Begin to hand on keys."""
        self._app.run_worker(self._hand_on(), group="keys")

    def take(self, event: events.Event) -> bool:
        """Keep a key until its turn; return False for any other event."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            for key in without_alt(event):
                if key.key == "escape" and self._may_give_up:
                    self._give_up()
                else:
                    self._ahead.put_nowait(key)
            return True
        if isinstance(event, events.Paste) and not event.is_forwarded:
            self._ahead.put_nowait(event)
            return True
        return False

    def note_action(self, action: str) -> None:
        """Remember what the key does."""
        self._acted = action.rpartition(".")[2]

    def note_dialog(self) -> None:
        """Note that the action under way opens a dialog."""
        action = get_current_worker()
        if action in self._actions:
            self._actions[action] = True

    def await_next_dialog(self) -> None:
        """Let further keys wait for the dialog that may follow the answer to the last one."""
        action = get_current_worker()
        if action in self._actions:
            self._await(action)

    def await_opening(self, action: Worker[Any]) -> None:
        """Keep further keys for the dialog that an action is about to open."""
        self._actions[action] = False
        self._await(action)

    def end_opening(self, action: Worker[Any], *, failed: bool) -> None:
        """Drop the keys that were meant for a dialog that an action did not open."""
        had_dialog = self._actions.pop(action, False)
        if action in self._awaited:
            self._awaited.discard(action)
            if failed or not had_dialog:
                self.drop()
            if not self._awaited:
                self._opened.set()

    def stop_awaiting(self) -> None:
        """Let the keys go on: a dialog opens, or an action has got to its change."""
        self._awaited.clear()
        self._opened.set()

    def _await(self, action: Worker[Any]) -> None:
        self._awaited.add(action)
        self._opened.clear()

    def _give_up(self) -> None:
        """End the actions whose dialogs are awaited; each then drops the keys meant for it."""
        for action in self._awaited:
            action.cancel()
        self._app.notify("Given up.", markup=False)

    def drop(self) -> None:
        """Drop the keys that wait."""
        count = self._ahead.qsize()
        self._drops += 1
        while not self._ahead.empty():
            self._ahead.get_nowait()
        if self._may_give_up and count:
            keys = "1 key was" if count == 1 else f"{count:,} keys were"
            self._app.notify(f"{keys} dropped: no dialog opened for them.", markup=False)

    async def _hand_on(self) -> None:
        while True:
            event, drops = await self._ahead.get(), self._drops
            await self._await_dialog()
            if drops != self._drops:
                continue
            try:
                await self._deliver(event)
            except Exception as error:  # noqa: BLE001 - the next key is to have its effect
                self._keys.contain(error)

    async def _deliver(self, event: events.Key | events.Paste) -> None:
        """Hand on a key, then wait for what it brings about."""
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
        """Wait for all that a key has brought about."""
        for nodes in (way, (), ()):
            await self._await_dialog()
            with suppress(TimeoutError):
                async with asyncio.timeout(MOST_PATIENCE):
                    await _passed(nodes or self._app.screen.walk_children(with_self=True))
                    await _refreshed(self._app.screen)
                    await _passed([self._app])

    async def _await_dialog(self) -> None:
        """Hold the keys while a dialog is awaited, however slow the store is; say so."""
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
    """Wait until each has dealt with all that was sent to it so far, one after the other."""
    for node in way:
        dealt = asyncio.Event()
        if node.call_later(dealt.set):
            await dealt.wait()


async def _refreshed(screen: MessagePump) -> None:
    drawn = asyncio.Event()
    if screen.call_after_refresh(drawn.set):
        await drawn.wait()
