"""The one chart of every curve."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import nan

import pytest
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.strip import Strip

from mlops_tui.tui.charts.chart import Chart, Series
from mlops_tui.tui.charts.frame import Frame


class WatchedChart(Chart):
    """Knows which lines were drawn for the terminal."""

    lines_sent: list[int]

    def render_line(self, y: int) -> Strip:
        self.lines_sent.append(y)
        return super().render_line(y)


class ChartApp(App[None]):
    """One chart."""

    def compose(self) -> ComposeResult:
        chart = WatchedChart("accuracy [red]")
        chart.lines_sent = []
        yield chart


@asynccontextmanager
async def running(
    size: tuple[int, int] = (60, 12),
) -> AsyncIterator[tuple[WatchedChart, Pilot[None]]]:
    app = ChartApp()
    async with app.run_test(size=size, notifications=True) as pilot:
        yield app.query_one(WatchedChart), pilot


def shown(chart: Chart) -> list[str]:
    return [chart.draw(y).text.rstrip() for y in range(chart.size.height)]


RISING = Series("accuracy", range(50), [0.5 + n / 100 for n in range(50)], "cyan")


async def test_the_title_says_last_value_with_the_extremes() -> None:
    async with running() as (chart, _pilot):
        chart.plot([RISING])
        assert shown(chart)[0] == "accuracy [red]  0.99  min 0.5  max 0.99"


async def test_gaps_are_counted_beside_the_note() -> None:
    async with running() as (chart, _pilot):
        chart.plot([Series("a", range(4), [1.0, nan, nan, 2.0])], note="4 of 9,000 points")
        assert shown(chart)[0] == "accuracy [red]  2  min 1  max 2  2 gaps  4 of 9,000 points"
        chart.plot([Series("a", range(3), [1.0, nan, 2.0])])
        assert shown(chart)[0].endswith("  1 gap")


async def test_several_curves_are_named_with_their_marks() -> None:
    async with running() as (chart, _pilot):
        chart.plot([RISING, Series("[other]", [0], [3.0], "yellow")])
        assert shown(chart)[0] == "accuracy [red]  ● accuracy 0.99  ▲ [other] 3"
        assert any("▲" in line for line in shown(chart)[1:])


async def test_the_axis_of_steps_is_named() -> None:
    async with running() as (chart, _pilot):
        chart.plot([RISING])
        assert shown(chart)[-1].endswith("step")
        chart.plot([RISING], Frame("seconds"))
        assert shown(chart)[-1].endswith("seconds")


async def test_what_is_said_stands_instead_of_curves() -> None:
    async with running() as (chart, _pilot):
        chart.plot([RISING])
        chart.say("reading [the] history…")
        assert shown(chart)[:2] == ["accuracy [red]", "reading [the] history…"]
        assert not any(shown(chart)[2:])


async def test_nothing_that_can_be_drawn_is_said_so() -> None:
    async with running() as (chart, _pilot):
        chart.plot([Series("a", [0, 1], [nan, nan])])
        assert shown(chart)[:2] == ["accuracy [red]  2 gaps", "Nothing to draw."]
        chart.plot([Series("a", [], [])])
        assert shown(chart)[1] == "Nothing to draw."


@pytest.mark.parametrize("size", [(20, 4), (12, 2), (5, 1), (200, 50)])
async def test_every_size_is_filled_exactly(size: tuple[int, int]) -> None:
    async with running(size) as (chart, pilot):
        chart.plot([RISING, Series("日本語", [3], [0.7])], note="日本語" * 20)
        await pilot.pause()
        assert {chart.draw(y).cell_length for y in range(chart.size.height)} == {size[0]}


async def test_a_new_size_is_drawn_anew() -> None:
    async with running() as (chart, pilot):
        chart.plot([RISING])
        await pilot.resize_terminal(30, 8)
        await pilot.pause()
        assert len(shown(chart)) == 8
        assert shown(chart)[-1].endswith("step")


async def test_the_same_curve_is_not_sent_again_where_a_longer_one_is() -> None:
    async with running() as (chart, pilot):
        chart.plot([RISING])
        await pilot.pause()
        chart.lines_sent.clear()
        chart.plot([RISING])
        await pilot.pause()
        assert chart.lines_sent == []
        chart.plot([Series("accuracy", range(49), RISING.ys[:49], "cyan")])
        await pilot.pause()
        assert 0 < len(set(chart.lines_sent)) < 12
