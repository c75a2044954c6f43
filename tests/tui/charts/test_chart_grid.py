"""Charts beside each other: what is read of what is in view."""

from pathlib import Path

import pytest
from textual.screen import Screen

from mlops_tui.domain.store import Store
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
