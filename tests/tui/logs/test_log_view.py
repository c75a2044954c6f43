"""The lines of a log that are in view."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.events import MouseScrollUp
from textual.pilot import Pilot

from mlops_tui.domain.logs.log_window import LogWindow
from mlops_tui.domain.logs.terminal_text import LogLine, log_line
from mlops_tui.tui.logs.log_view import LogView


class LogApp(App[None]):
    """One log, of which what is wanted is held."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[LogLine] = []

    def compose(self) -> ComposeResult:
        yield LogView()

    def on_log_view_moved(self) -> None:
        self.hold()

    def hold(self) -> None:
        view = self.query_one(LogView)
        first, most = view.rows.wanted
        start = max(0, len(self.lines) - most) if first is None else first
        lines = tuple(self.lines[start : start + most])
        view.show(LogWindow(lines, start, len(self.lines), 1, 1))


class Log:
    """A log that grows, with its view."""

    def __init__(self, app: LogApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot, self.view = app, pilot, app.query_one(LogView)

    async def write(self, *lines: str) -> None:
        self.app.lines += [log_line(line.encode()) for line in lines]
        self.app.hold()
        await self.pilot.pause()

    async def count(self, first: int, last: int) -> None:
        await self.write(*(f"line {number}" for number in range(first, last)))

    @property
    def shown(self) -> list[str]:
        height = self.view.size.height
        return [self.view.draw(y).text.rstrip("▐ ") for y in range(height)]


@asynccontextmanager
async def running(size: tuple[int, int] = (40, 10)) -> AsyncIterator[Log]:
    app = LogApp()
    async with app.run_test(size=size, notifications=True) as pilot:
        app.query_one(LogView).focus()
        yield Log(app, pilot)


async def test_a_log_follows_its_end() -> None:
    async with running() as log:
        await log.count(0, 500)
        assert log.shown[-1] == "line 499"
        await log.count(500, 600)
        assert log.shown[-1] == "line 599"


async def test_scrolling_up_stays_there_until_the_end_is_asked_for() -> None:
    async with running() as log:
        await log.count(0, 50)
        await log.pilot.press("k", "up")
        assert not log.view.rows.following
        before = log.shown
        await log.count(50, 600)
        assert log.shown == before
        await log.pilot.press("G")
        assert log.view.rows.following
        assert log.shown[-1] == "line 599"


async def test_scrolling_down_to_the_end_follows_again() -> None:
    async with running() as log:
        await log.count(0, 50)
        await log.pilot.press("up", "down")
        assert log.view.rows.following


async def test_a_key_pauses_at_the_end_then_follows_again() -> None:
    async with running() as log:
        await log.count(0, 50)
        await log.pilot.press("f")
        await log.count(50, 60)
        assert log.shown[-1] == "line 49"
        await log.pilot.press("f")
        assert log.shown[-1] == "line 59"


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        (["g"], "line 0"),
        (["home", "j"], "line 1"),
        (["g", "pagedown"], "line 10"),
        (["g", "ctrl+d", "ctrl+d", "ctrl+u"], "line 10"),
        (["pageup"], "line 480"),
        (["g", "end"], "line 490"),
        (["g", "w", "pagedown", "j"], "line 11"),
        (["w", "pageup", "k"], "line 479"),
        (["g", "w", "G"], "line 490"),
    ],
)
async def test_keys_scroll(keys: list[str], first: str) -> None:
    async with running() as log:
        await log.count(0, 500)
        await log.pilot.press(*keys)
        await log.pilot.pause()
        assert log.shown[0] == first
        assert all(log.shown)


async def test_the_wheel_scrolls() -> None:
    async with running() as log:
        await log.count(0, 50)
        await log.pilot._post_mouse_events(  # a wheel is no click
            [MouseScrollUp], "LogView"
        )
        assert log.shown[0] == "line 37"


async def test_long_lines_are_read_sideways() -> None:
    async with running() as log:
        await log.write("0123456789" * 10 + "END", "short")
        await log.pilot.press("right")
        assert log.shown[0].startswith("89012")
        await log.pilot.press(*["right"] * 20)
        assert log.shown[0].endswith("END")
        await log.pilot.press(*["left"] * 20)
        assert log.shown[0].startswith("01234")


async def test_long_lines_are_folded_with_a_key() -> None:
    async with running((20, 5)) as log:
        await log.write("before", "日本語" * 8 + "END", "short")
        await log.pilot.press("w")
        assert log.shown == [
            "before",
            "日本語日本語日本語",
            "日本語日本語日本語",
            "日本語日本語END",
            "short",
        ]
        await log.write("日" * 100)
        assert log.shown == [*["日" * 9] * 4, "日"]
        await log.pilot.press("up")
        assert log.shown == ["日" * 9] * 5
        await log.pilot.press("w")
        assert log.shown[0] == "before"


async def test_a_line_that_is_found_is_marked_with_what_was_found_in_it() -> None:
    async with running() as log:
        await log.count(0, 500)
        log.view.highlight(re.compile("ne 1"))
        log.view.mark(120)
        await log.pilot.pause()
        assert "▶ line 120" in log.shown
        assert not log.view.rows.following
        strip = log.view.draw(log.shown.index("▶ line 120"))
        assert [s.text for s in strip if s.style and s.style.reverse] == ["ne 1"]


async def test_colours_are_kept() -> None:
    async with running() as log:
        await log.write("plain \x1b[1;31mred\x1b[0m [bold]as it is")
        strip = log.view.draw(0)
        assert [s.text for s in strip if s.style and s.style.bold] == ["red"]
        assert log.shown[0] == "plain red [bold]as it is"


async def test_what_is_left_out_of_an_endless_line_is_said() -> None:
    async with running((40, 4)) as log:
        await log.write("x" * 2_000_000)
        await log.pilot.press(*["w", "G"])
        assert "".join(log.shown).endswith("2.0 MB more in the log file")


async def test_another_log_begins_empty() -> None:
    async with running() as log:
        await log.count(0, 50)
        await log.pilot.press("g")
        log.view.clear()
        assert log.view.text == ""
        assert log.view.rows.following
        assert not any(log.shown)


async def test_a_new_size_keeps_the_end_in_view() -> None:
    async with running() as log:
        await log.count(0, 50)
        await log.pilot.resize_terminal(30, 5)
        await log.pilot.pause()
        assert log.shown[-1] == "line 49"
        await log.pilot.resize_terminal(30, 20)
        await log.pilot.pause()
        assert log.shown[-1] == "line 49"
        assert log.shown[0] == "line 30"
