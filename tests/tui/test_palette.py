"""The palette while what it looks for is still awaited."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import ClassVar

import pytest
from textual.app import App
from textual.command import CommandList, DiscoveryHit, Hit, Hits, Provider
from textual.pilot import Pilot

from mlops_tui.tui.palette import Palette


class Known(Provider):
    """Commands that are known at once."""

    async def discover(self) -> Hits:
        for name in ("delete", "wipe all"):
            yield DiscoveryHit(name, partial(self.app.ran.append, name), text=name)  # type: ignore[attr-defined]

    async def search(self, query: str) -> Hits:
        for name in ("delete", "wipe all"):
            if query in name:
                yield Hit(0.5, name, partial(self.app.ran.append, name), text=name)  # type: ignore[attr-defined]


class Slow(Provider):
    """A store that answers when it is let."""

    async def search(self, query: str) -> Hits:
        await self.app.answers.wait()  # type: ignore[attr-defined]
        for name in ("wine", "wine white", "wip"):
            if query in name:
                yield Hit(1.0, name, partial(self.app.ran.append, name), text=name)  # type: ignore[attr-defined]


class PaletteApp(App[None]):
    """Only the palette."""

    COMMANDS: ClassVar[set[type[Provider]]] = {Known, Slow}  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.answers = asyncio.Event()
        self.ran: list[str] = []

    async def on_mount(self) -> None:
        await self.push_screen(Palette(self.COMMANDS))


Wait = Callable[[Callable[[], bool]], Awaitable[None]]


def listed(app: PaletteApp) -> list[str]:
    options = app.screen.query_one(CommandList).options
    return [str(option.prompt) for option in options]


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await pilot.pause(0.01)


@pytest.mark.parametrize(
    ("keys", "ran"), [("wine", "wine"), ("wi", "wine"), ("zebra", ""), ("delete", "delete")]
)
async def test_enter_waits_for_what_matches_the_words_that_are_typed(keys: str, ran: str) -> None:
    app = PaletteApp()
    async with app.run_test() as pilot:
        await until(pilot, lambda: listed(app) == ["delete", "wipe all"])
        await pilot.press(*keys, "enter")
        assert not app.ran
        assert isinstance(app.screen, Palette)
        app.answers.set()
        if ran:
            await until(pilot, lambda: app.ran == [ran])
        else:
            await until(pilot, lambda: not app.screen._is_searching)  # type: ignore[attr-defined]
            assert isinstance(app.screen, Palette)
            assert not app.ran


async def test_a_second_enter_takes_what_is_found_so_far_but_nothing_older() -> None:
    app = PaletteApp()
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(listed(app)))
        await pilot.press(*"zebra", "enter", "enter")
        assert not app.ran
        await pilot.press(*["backspace"] * 5, *"wi")
        await until(pilot, lambda: listed(app) == ["wipe all"])
        await pilot.press("enter")
        assert not app.ran
        await pilot.press("enter")
        await until(pilot, lambda: app.ran == ["wipe all"])


async def test_what_was_chosen_stays_chosen_when_more_is_found() -> None:
    app = PaletteApp()
    async with app.run_test() as pilot:
        await until(pilot, lambda: bool(listed(app)))
        await pilot.press(*"e")
        await until(pilot, lambda: listed(app) == ["delete", "wipe all"])
        await pilot.press("down")
        app.answers.set()
        await until(pilot, lambda: len(listed(app)) == 4)
        await pilot.press("enter")
        await until(pilot, lambda: app.ran == ["wipe all"])
