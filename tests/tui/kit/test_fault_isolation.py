"""Errors of ours: each stays in the widget that it arose in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import NoReturn

import pytest
from textual.app import ComposeResult
from textual.css.query import NoMatches
from textual.geometry import Size
from textual.message import Message
from textual.pilot import Pilot
from textual.reactive import reactive
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Label, Static
from textual.worker import WorkerFailed

from mlops_tui.domain.store import Store
from mlops_tui.tui.kit.fault_isolation import SENTENCE, contain_in_app
from mlops_tui.tui.kit.line_widget import LineWidget
from mlops_tui.tui.kit.status_bar import StatusBar
from mlops_tui.tui.kit.steady_app import SteadyApp
from mlops_tui.tui.models.models_pane import ModelsPane
from tests.patience import PATIENCE
from tests.tui.story import Story, story


class InjectedError(Exception):
    """Says where it was injected."""


def fail(place: str = "") -> NoReturn:
    raise InjectedError(place)


class Ping(Message):
    """Is handled badly by one, well by the other."""


class Faulty(Static):
    """Fails wherever it is asked to."""

    level = reactive(0, layout=True)
    fails_in = ""

    def on_ping(self) -> None:
        fail("handler")

    def watch_level(self) -> None:
        if self.level:
            fail("watcher")

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        if self.fails_in == "layout":
            fail("layout")
        return super().get_content_height(container, viewport, width)

    def render_line(self, y: int) -> Strip:
        if self.fails_in == "drawing":
            fail("drawing")
        return super().render_line(y)

    def begin(self, place: str) -> None:
        """Fail in a part of Textual's machinery."""
        beginnings: dict[str, Callable[[], object]] = {
            "handler": lambda: self.post_message(Ping()),
            "worker": lambda: self.run_worker(self._work()),
            "timer": lambda: self.set_timer(0.001, lambda: fail("timer")),
            "watcher": lambda: self.call_later(setattr, self, "level", 1),
            "callback": lambda: self.call_after_refresh(fail, "callback"),
            "next": lambda: self.call_next(fail, "next"),
            "loop": lambda: asyncio.get_running_loop().call_soon(fail, "loop"),
        }
        if place in beginnings:
            beginnings[place]()
        else:
            self.fails_in = place
            self.refresh(layout=True)

    async def _work(self) -> None:
        fail("worker")


class Lines(LineWidget):
    """Draws two lines, the first badly when asked to."""

    DEFAULT_CSS = "Lines { height: 2; }"
    fails = False

    def draw(self, y: int) -> Strip:
        if self.fails and not y:
            fail("line")
        return Strip.blank(self.size.width)


class SmallApp(SteadyApp):
    """Faulty parts beside a good one."""

    BINDINGS = [("x", "fail", ""), ("p", "ping", ""), ("q", "quit", "")]
    pings = 0

    def __init__(self, log: Path) -> None:
        super().__init__(log)

    def compose(self) -> ComposeResult:
        yield Faulty("before")
        yield Lines()
        yield Label("the rest")

    def action_fail(self) -> None:
        fail("action")

    def action_ping(self) -> None:
        self.pings += 1

    @property
    def text(self) -> str:
        strips = self.screen._compositor.render_strips()
        return "\n".join(strip.text for strip in strips)


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[tuple[SmallApp, Pilot[int]]]:
    app = SmallApp(tmp_path / "interface.log")
    async with app.run_test(notifications=True) as pilot:
        yield app, pilot


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - Textual has no event for it
            await asyncio.sleep(0.01)


PLACES = ["handler", "worker", "timer", "watcher", "callback", "next", "loop", "layout", "drawing"]


@pytest.mark.parametrize("place", PLACES)
async def test_an_error_anywhere_is_told_while_the_app_goes_on(
    small: tuple[SmallApp, Pilot[int]], place: str
) -> None:
    app, pilot = small
    faulty = app.query_one(Faulty)
    for _ in range(3):
        faulty.begin(place)
        await until(lambda: app.faults.errors)
        await pilot.pause()
    assert [str(error) for error in app.faults.errors.values()] == [place]
    assert len(app._notifications) == 1
    assert ("InjectedError" in app.text) is True
    assert "the rest" in app.text
    assert (SENTENCE in app.text) is (place == "drawing")
    await pilot.press("p")
    assert app.pings == 1
    faulty.fails_in = ""
    faulty.update("after")
    await pilot.pause()
    assert "after" in app.text


async def test_work_that_never_ends_begins_again_after_an_error(
    small: tuple[SmallApp, Pilot[int]],
) -> None:
    app, _pilot = small
    rounds: list[int] = []

    async def work() -> None:
        rounds.append(len(rounds))
        fail("watch")

    app.run_worker(app.persist(work, 0.0))
    await until(lambda: len(rounds) > 2)
    assert [str(error) for error in app.faults.errors.values()] == ["watch"]


class BrokenScreen(Screen[None]):
    """Has parts that cannot be made."""

    BINDINGS = [("escape", "app.pop_screen", "")]

    def compose(self) -> ComposeResult:
        yield Label("never")
        fail("compose")

    def on_mount(self) -> None:
        self.query_one(Label)


async def test_a_screen_that_cannot_be_made_says_so_and_can_be_left(
    small: tuple[SmallApp, Pilot[int]],
) -> None:
    app, pilot = small
    await app.push_screen(BrokenScreen())
    await pilot.pause()
    assert SENTENCE in app.text
    assert "compose" in [str(error) for error in app.faults.errors.values()]
    await pilot.press("escape", "p")
    assert "the rest" in app.text
    assert app.pings == 1


async def test_an_action_that_fails_leaves_the_other_keys(
    small: tuple[SmallApp, Pilot[int]],
) -> None:
    app, pilot = small
    await pilot.press("x", "x", "p")
    assert [str(error) for error in app.faults.errors.values()] == ["action"]
    assert app.pings == 1


async def test_a_line_that_cannot_be_drawn_says_so_until_it_can(
    small: tuple[SmallApp, Pilot[int]],
) -> None:
    app, pilot = small
    lines = app.query_one(Lines)
    for fails in (True, False):
        lines.fails = fails
        lines.repaint()
        await pilot.pause()
        assert (SENTENCE in app.text) is fails


async def test_the_log_has_the_traceback_for_its_owner_alone(
    small: tuple[SmallApp, Pilot[int]],
) -> None:
    app, _pilot = small
    log = app.faults.log
    assert log is not None
    app.query_one(Faulty).begin("worker")
    await until(lambda: log.exists() and "InjectedError: worker" in log.read_text())
    assert 'fail("worker")' in log.read_text()
    assert log.stat().st_mode & 0o777 == 0o600


async def test_the_room_lives_with_broken_parts_and_can_be_left(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with story(sqlite_store, state_dir, allows_faults=True) as person:
        await person.sees("Default")
        monkeypatch.setattr(StatusBar, "draw", lambda _bar, _y: fail("bar"))
        monkeypatch.setattr(ModelsPane, "_show_read", lambda *_: fail("models"))
        await person.press("3")
        await person.sees(SENTENCE, "InjectedError", "interface.log", "cannot be shown (Injected")
        monkeypatch.undo()
        await person.press("r")
        await person.sees("No registered models yet", "1 Experiments")
        await person.press("q")
        await person.until(lambda: not person.app.is_running, "the end")
    assert person.app.return_code == 0
    assert len(person.app.faults.errors) == 2


async def test_a_story_fails_when_something_fails_in_it(
    sqlite_store: Store, state_dir: Path
) -> None:
    async def tell(person: Story) -> None:
        person.app.call_later(fail, "story")
        await person.sees("what never comes")

    with pytest.raises(InjectedError, match="story"):
        async with story(sqlite_store, state_dir) as person:
            await tell(person)


async def test_work_overtaken_by_the_end_of_the_app_misses_no_widget(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir) as person:
        app = person.app
    assert contain_in_app(app, app.faults, WorkerFailed(NoMatches("No nodes match 'Banner'.")))
    assert not contain_in_app(app, app.faults, WorkerFailed(InjectedError("work")))
    assert not app.faults.errors
