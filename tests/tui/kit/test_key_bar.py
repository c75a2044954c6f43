"""The keys that work here, on one line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widgets import Input

from mlops_tui.tui.kit.key_bar import KeyBar


class WatchedBar(KeyBar):
    """Knows how often it was drawn for the terminal."""

    times_sent = 0

    def render_line(self, y: int) -> Strip:
        self.times_sent += 1
        return super().render_line(y)


class KeyApp(App[None]):
    """Some keys."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("R,ctrl+r", "register", "Register [red]"),
        Binding("slash", "filter", "Filter"),
        Binding("s", "stop", "Stop"),
        Binding("x", "secret", "Secret", show=False),
        Binding("question_mark", "explain", "Help", show=False),
    ]

    stop_state: bool | None = True

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def compose(self) -> ComposeResult:
        yield Input()
        yield WatchedBar()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self.stop_state if action == "stop" else super().check_action(action, parameters)

    def action_register(self) -> None:
        self.done.append("register")

    def action_stop(self) -> None:
        self.done.append("stop")

    def action_explain(self) -> None:
        self.done.append("explain")


@asynccontextmanager
async def running(width: int = 80) -> AsyncIterator[tuple[KeyApp, WatchedBar, Pilot[None]]]:
    app = KeyApp()
    async with app.run_test(size=(width, 5), notifications=True) as pilot:
        app.set_focus(None)
        await pilot.pause()
        yield app, app.query_one(WatchedBar), pilot


async def test_keys_stand_with_what_they_do_where_help_comes_last() -> None:
    async with running() as (_app, bar, _pilot):
        assert bar.draw(0).text.rstrip() == "R Register [red]  / Filter  s Stop  ? Help"
        assert bar.size.height == 1


async def test_a_narrow_bar_keeps_help() -> None:
    async with running(30) as (_app, bar, _pilot):
        assert bar.draw(0).text.rstrip() == "R Register [red]  ? Help"


async def test_an_action_that_cannot_be_done_now_is_dimmed_then_gone() -> None:
    async with running() as (app, bar, pilot):
        before = bar.draw(0)
        app.stop_state = None
        app.refresh_bindings()
        await pilot.pause()
        assert bar.draw(0).text == before.text
        assert bar.draw(0) != before
        app.stop_state = False
        app.refresh_bindings()
        await pilot.pause()
        assert "Stop" not in bar.draw(0).text


async def test_keys_that_stay_the_same_are_not_sent_again() -> None:
    async with running() as (app, bar, pilot):
        bar.times_sent = 0
        app.refresh_bindings()
        await pilot.pause()
        assert bar.times_sent == 0


async def test_a_click_presses_the_key() -> None:
    async with running() as (app, bar, pilot):
        start = bar.draw(0).text.index("s Stop")
        await pilot.click(bar, offset=(start + 3, 0))
        await pilot.pause()
        assert app.done == ["stop"]
        await pilot.click(bar, offset=(bar.draw(0).text.index("? Help"), 0))
        await pilot.pause()
        assert app.done == ["stop", "explain"]
        await pilot.click(bar, offset=(70, 0))
        await pilot.pause()
        assert app.done == ["stop", "explain"]


async def test_a_screen_without_keys_has_an_empty_bar() -> None:
    class Silent(App[None]):
        ENABLE_COMMAND_PALETTE = False

        def compose(self) -> ComposeResult:
            yield KeyBar()

    app = Silent()
    async with app.run_test(notifications=True):
        assert app.query_one(KeyBar).draw(0).text.strip() in ("", "^q Quit")
