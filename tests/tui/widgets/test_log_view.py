"""A log that grows."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from mlops_tui.tui.widgets import log_view
from mlops_tui.tui.widgets.log_view import LogView


class LogApp(App[None]):
    """One log."""

    def compose(self) -> ComposeResult:
        yield LogView()


@asynccontextmanager
async def running(size: tuple[int, int] = (40, 10)) -> AsyncIterator[tuple[LogView, Pilot[None]]]:
    app = LogApp()
    async with app.run_test(size=size, notifications=True) as pilot:
        view = app.query_one(LogView)
        view.focus()
        yield view, pilot


def shown(view: LogView) -> list[str]:
    return [view.draw(y).text.rstrip("▐ ") for y in range(view.size.height)]


def numbered(first: int, last: int) -> str:
    return "".join(f"line {number}\n" for number in range(first, last))


async def test_a_log_follows_its_end() -> None:
    async with running() as (view, pilot):
        view.write(numbered(0, 50))
        await pilot.pause()
        assert shown(view)[-1] == "line 49"
        view.write(numbered(50, 60))
        await pilot.pause()
        assert shown(view)[-1] == "line 59"


async def test_scrolling_up_stays_there_until_the_end_is_asked_for() -> None:
    async with running() as (view, pilot):
        view.write(numbered(0, 50))
        await pilot.press("k", "up")
        assert not view.following
        before = shown(view)
        view.write(numbered(50, 60))
        await pilot.pause()
        assert shown(view) == before
        await pilot.press("G")
        assert view.following
        assert shown(view)[-1] == "line 59"


async def test_scrolling_down_to_the_end_follows_again() -> None:
    async with running() as (view, pilot):
        view.write(numbered(0, 50))
        await pilot.press("up", "down")
        assert view.following


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        (["g"], "line 0"),
        (["home", "j"], "line 1"),
        (["g", "pagedown"], "line 10"),
        (["g", "ctrl+d", "ctrl+d", "ctrl+u"], "line 10"),
        (["pageup"], "line 30"),
        (["g", "end"], "line 40"),
    ],
)
async def test_keys_scroll(keys: list[str], first: str) -> None:
    async with running() as (view, pilot):
        view.write(numbered(0, 50))
        await pilot.press(*keys)
        assert shown(view)[0] == first


async def test_pieces_may_be_cut_anywhere() -> None:
    whole = "plain \x1b[1;32mgreen\x1b[0m\r\n\x1b]0;title\x07after [red]\nbar 10%\rbar 20%\nlast"
    async with running() as (view, _pilot):
        for character in whole:
            view.write(character)
            assert "\x1b" not in view.text
            assert "1;32" not in view.text
        assert view.text.split("\n") == ["plain green", "after [red]", "bar 20%", "last"]


async def test_a_progress_bar_shows_its_last_state_without_a_line_end() -> None:
    async with running() as (view, _pilot):
        for percent in range(2_000):
            view.write(f"\r{percent:>9} done")
        assert view.text.strip() == "1999 done"
        assert view.line_count == 1


async def test_a_line_without_an_end_is_taken_for_one() -> None:
    async with running() as (view, _pilot):
        view.write("x" * 30_000)
        view.write("y")
        assert view.line_count == 2


async def test_old_lines_are_dropped_where_the_first_line_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log_view, "MOST_LINES", 100)
    monkeypatch.setattr(log_view, "SPARE_LINES", 20)
    async with running() as (view, pilot):
        view.write(numbered(0, 150))
        await pilot.pause()
        assert view.line_count == 101
        assert shown(view)[-1] == "line 149"
        await pilot.press("g")
        assert shown(view)[:2] == ["… 50 older lines are in the log file o…", "line 50"]


async def test_the_lines_in_view_stay_when_older_ones_are_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(log_view, "MOST_LINES", 100)
    monkeypatch.setattr(log_view, "SPARE_LINES", 20)
    async with running() as (view, pilot):
        view.write(numbered(0, 110))
        await pilot.press("up", "up")
        before = shown(view)
        for first in (110, 120, 130, 140):
            view.write(numbered(first, first + 10))
            await pilot.pause()
            assert shown(view) == before


async def test_long_lines_are_read_sideways() -> None:
    async with running() as (view, pilot):
        view.write("0123456789" * 10 + "END\nshort")
        view.action_scroll_right()
        await pilot.pause()
        assert shown(view)[0].startswith("89012")
        for _ in range(20):
            view.action_scroll_right()
        assert shown(view)[0].endswith("END")
        for _ in range(20):
            view.action_scroll_left()
        assert shown(view)[0].startswith("01234")


async def test_another_log_begins_empty() -> None:
    async with running() as (view, pilot):
        view.write(numbered(0, 50) + "tail")
        await pilot.press("g")
        view.clear()
        await pilot.pause()
        assert view.text == ""
        assert view.following
        assert not any(shown(view))
        view.write("new")
        assert view.text == "new"


async def test_a_new_size_keeps_the_end_in_view() -> None:
    async with running() as (view, pilot):
        view.write(numbered(0, 50))
        await pilot.resize_terminal(30, 5)
        await pilot.pause()
        assert shown(view)[-1] == "line 49"
        await pilot.resize_terminal(30, 20)
        await pilot.pause()
        assert shown(view)[-1] == "line 49"
        assert shown(view)[0] == "line 30"


async def test_text_written_before_the_view_has_a_size_is_there() -> None:
    class Early(App[None]):
        def compose(self) -> ComposeResult:
            view = LogView()
            view.write(numbered(0, 50))
            yield view

    app = Early()
    async with app.run_test(size=(40, 10), notifications=True):
        assert shown(app.query_one(LogView))[-1] == "line 49"
