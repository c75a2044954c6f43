"""Charts beside each other: what is read of what is in view."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.screen import Screen

from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.store import Store
from mlops_tui.services.metrics import metrics
from mlops_tui.tui.charts import chart_grid
from mlops_tui.tui.charts.chart_grid import ChartGrid
from mlops_tui.tui.charts.run_style import run_styles
from tests.making import make_run
from tests.tui.story import story


@pytest.mark.process
async def test_all_that_comes_into_view_is_read_though_nothing_is_resized(
    sqlite_store: Store, state_dir: Path
) -> None:
    values = {f"a{number}": 1.0 for number in range(20)}
    run = make_run(sqlite_store, "0", metrics={**values, "loss": [2.0, 1.0]})
    async with story(sqlite_store, state_dir) as person:
        screen: Screen[None] = Screen()
        await person.app.push_screen(screen)
        grid = ChartGrid()
        await screen.mount(grid)
        await person.until(lambda: grid.size.height, "the grid")
        await grid.load((), ())
        await grid.load(run_styles([(run, "one", False)]), [*values, "loss"])
        assert grid.has_curve("loss")
        assert grid.in_view == ("loss",)


class GridApp(App[None]):
    def compose(self) -> ComposeResult:
        yield ChartGrid()


async def test_a_history_is_read_once_though_two_ask_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    requested: list[tuple[str, str]] = []

    async def ask(_: object, function: object, *args: Any, **__: object) -> object:
        await asyncio.sleep(0)
        if function is not metrics.read_histories:
            return {}
        requested.extend((each.run_id, each.key) for each in args[1])
        return tuple(
            MetricHistory(each.run_id, each.key, (0, 1), (0, 1), (2.0, 1.0), 2) for each in args[1]
        )

    settings = SimpleNamespace(state_dir=tmp_path, store=None)
    monkeypatch.setattr(chart_grid, "shell_of", lambda _: SimpleNamespace(settings=settings))
    monkeypatch.setattr(chart_grid, "ask", ask)
    async with GridApp().run_test() as pilot:
        grid = pilot.app.query_one(ChartGrid)
        grid.show_cached(run_styles([("one", "one", False)]), ["loss"])
        grid.show_keys(["loss"])
        await grid.load(run_styles([("one", "one", False)]), ["loss"])
        await pilot.app.workers.wait_for_complete()
    assert requested == [("one", "loss")]
