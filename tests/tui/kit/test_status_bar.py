"""The first line of every screen."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from mlops_tui.tui.kit.status_bar import StatusBar

PLACES = [
    ("1", "Experiments", "experiments"),
    ("2", "Training", "training"),
    ("3", "Models", "models"),
    ("4", "Serving", "serving"),
]


class WatchedBar(StatusBar):
    """Knows how often it was drawn for the terminal."""

    times_sent = 0

    def render_line(self, y: int) -> Strip:
        self.times_sent += 1
        return super().render_line(y)


class BarApp(App[None]):
    """One bar."""

    def __init__(self) -> None:
        super().__init__()
        self.chosen: list[str] = []

    def compose(self) -> ComposeResult:
        yield WatchedBar(PLACES)

    def on_status_bar_chosen(self, event: StatusBar.Chosen) -> None:
        self.chosen.append(event.mode)


@asynccontextmanager
async def running(width: int) -> AsyncIterator[tuple[BarApp, WatchedBar, Pilot[None]]]:
    app = BarApp()
    async with app.run_test(size=(width, 5), notifications=True) as pilot:
        bar = app.query_one(WatchedBar)
        bar.active = "models"
        bar.store = "sqlite:////home/me/iris/mlflow.db"
        bar.freshness = "2s ago"
        await pilot.pause()
        yield app, bar, pilot


async def test_a_wide_bar_says_everything() -> None:
    async with running(120) as (_app, bar, _pilot):
        text = bar.draw(0).text
        assert text.startswith(" mlops-tui  1 Experiments  2 Training  3 Models  4 Serving  ")
        assert text.endswith("sqlite:////home/me/iris/mlflow.db 2s ago ")


@pytest.mark.parametrize(
    ("width", "expected"),
    [
        (80, " mlops-tui  1 Experiments  2 Training  3 Models  4 Serving     …s/mlflow.db 2s ago "),
        (70, " 1 Experiments  2 Training  3 Models  4 Serving  …is/mlflow.db 2s ago "),
        (60, " 1 Exp  2 Tra  3 Models  4 Ser  …e/me/iris/mlflow.db 2s ago "),
        (50, " 1 Exp  2 Tra  3 Models  4 Ser  …mlflow.db 2s ago "),
        (30, " 1  2  3  4  …lflow.db 2s ago "),
        (15, "2s ago"),
    ],
)
async def test_a_narrower_bar_says_less(width: int, expected: str) -> None:
    async with running(width) as (_app, bar, _pilot):
        text = bar.draw(0).text
        assert len(text) == width
        assert text.split() == expected.split()


@pytest.mark.parametrize("width", [120, 80, 40])
async def test_a_store_with_a_name_is_named_before_anything_else_of_it(width: int) -> None:
    async with running(width) as (_app, bar, _pilot):
        bar.store_name = "attic"
        bar.freshness = "✗ login refused, last update 12 min ago"
        if width < 80:
            bar.freshness = "✗ no answer"
        assert " attic " in bar.draw(0).text


@pytest.mark.parametrize("width", [120, 80, 60, 40, 30])
async def test_read_only_and_freshness_are_never_left_out(width: int) -> None:
    async with running(width) as (_app, bar, _pilot):
        bar.read_only = True
        bar.freshness = "✗ 9s old"
        assert bar.draw(0).text.endswith(" READ-ONLY ✗ 9s old ")


async def test_the_active_screen_stands_out_without_colour() -> None:
    async with running(80) as (_app, bar, _pilot):
        reversed_texts = [text for text, style, _ in bar.draw(0) if style and style.reverse]
        assert reversed_texts == [" 3 Models "]


async def test_foreign_text_in_the_store_stays_text() -> None:
    async with running(120) as (_app, bar, _pilot):
        bar.store = "[red]\x1b[31m/mlflow.db"
        assert "[red]/mlflow.db 2s ago" in bar.draw(0).text


async def test_a_click_on_a_screens_name_chooses_it() -> None:
    async with running(80) as (app, bar, pilot):
        text = bar.draw(0).text
        await pilot.click(bar, offset=(text.index("Training"), 0))
        await pilot.click(bar, offset=(text.index("mlops"), 0))
        await pilot.click(bar, offset=(text.index("2s ago"), 0))
        await pilot.pause()
        assert app.chosen == ["training"]


async def test_the_same_freshness_is_not_sent_again() -> None:
    async with running(80) as (_app, bar, pilot):
        bar.times_sent = 0
        bar.freshness = "2s ago"
        bar.store = str(bar.store)
        await pilot.pause()
        assert bar.times_sent == 0
        bar.freshness = "3s ago"
        await pilot.pause()
        assert bar.times_sent == 1
