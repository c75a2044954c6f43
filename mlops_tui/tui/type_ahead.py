"""Keys in the order of what they bring about."""

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from textual import events, work
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.message_pump import MessagePump

from mlops_tui.tui.fault_isolation import FaultIsolatingApp
from mlops_tui.tui.keyboard import KeyDriver, without_alt

MOST_PATIENCE = 2.0
"""Seconds that a key waits for what the key before it brings about: nobody is locked out."""

MOVES = ("cursor_", "scroll_", "page_", "delete_")
"""How the names of actions begin after which keys go where they went before."""


class TypeAheadApp(FaultIsolatingApp):
    """An app that hands on a key only when the key before it has had its effect.

    Textual hands on each key at once, to whatever has the focus at that moment. Keys that come in
    one burst, as over a slow line, would pass by the dialog which the first of them opens.
    """

    def __init__(self) -> None:
        super().__init__()
        self._ahead: asyncio.Queue[events.Key | events.Paste] = asyncio.Queue()
        self._acted = ""
        """What the last key did: the name of an action."""
        self._openings: set[object] = set()
        """Actions of which a dialog is awaited."""
        self._opened = asyncio.Event()

    def get_driver_class(self) -> type[Driver]:
        """Read a terminal's keys in our way."""
        chosen = super().get_driver_class()
        return KeyDriver if chosen is LinuxDriver else chosen

    def on_mount(self) -> None:
        """Begin to hand on keys."""
        self._hand_on()

    async def on_event(self, event: events.Event) -> None:
        """Keep a key until its turn."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            for key in without_alt(event):
                self._ahead.put_nowait(key)
        elif isinstance(event, events.Paste) and not event.is_forwarded:
            self._ahead.put_nowait(event)
        else:
            await super().on_event(event)

    async def run_action(self, action: Any, *args: Any, **kwargs: Any) -> bool:
        """Remember what the key does."""
        done = await super().run_action(action, *args, **kwargs)
        if done and isinstance(action, str):
            self._acted = action.rpartition(".")[2]
        return done

    def push_screen(self, *args: Any, **kwargs: Any) -> Any:
        """Let the keys go to the screen that opens."""
        self._open()
        return super().push_screen(*args, **kwargs)

    @contextmanager
    def suspend(self) -> Iterator[None]:
        """Drop the keys that were meant for the program which gets the terminal."""
        self._drop()
        self._open()
        with super().suspend():
            yield

    def await_opening(self, action: object) -> None:
        """Keep further keys for the dialog that an action is about to open."""
        self._openings.add(action)
        self._opened.clear()

    def end_opening(self, action: object) -> None:
        """Drop the keys that were meant for a dialog that an action did not open."""
        if action in self._openings:
            self._openings.discard(action)
            self._drop()
            self._opened.set()

    def _open(self) -> None:
        self._openings.clear()
        self._opened.set()

    def _drop(self) -> None:
        while not self._ahead.empty():
            self._ahead.get_nowait()

    @work(group="keys")
    async def _hand_on(self) -> None:
        while True:
            event = await self._ahead.get()
            self._acted = ""
            target = self.focused or self.screen
            try:
                await super().on_event(event)
            except Exception as error:  # noqa: BLE001 - the next key is to have its effect
                self.contain(error)
            with suppress(TimeoutError):
                async with asyncio.timeout(MOST_PATIENCE):
                    await self._stand_still(target.ancestors_with_self)
            self._openings.clear()

    async def _stand_still(self, way: Iterable[MessagePump]) -> None:
        """Wait until a key has gone its way, with all that it has brought about."""
        await _passed(way)
        if not self._acted or self._acted.startswith(MOVES):
            return
        await _passed(way)
        if self._openings:
            await self._opened.wait()
        for _ in range(2):
            await _passed(self.screen.walk_children(with_self=True))
            await _refreshed(self.screen)
            await _passed([self])


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
