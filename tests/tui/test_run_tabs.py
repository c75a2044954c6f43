"""The tabs of a run: what each offers, filters, keeps."""

from pathlib import Path

import pytest
from textual.events import Key
from textual.widgets import TabbedContent

from mlops_tui.domain.store import Store
from mlops_tui.tui.charts.chart_grid import ChartGrid
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.filter_bar import FilterBar
from tests.making import make_experiment, make_run
from tests.tui.story import Story, story

NEXT, BEFORE = "right_square_bracket", "left_square_bracket"
LOAD = "system/cpu_load"


@pytest.fixture
def measured(sqlite_store: Store) -> str:
    """Make a run with metrics of its own and of its machine; return its id."""
    return make_run(
        sqlite_store,
        make_experiment(sqlite_store, "Flowers"),
        name="measured",
        params={"depth": 5, "trees": 150},
        metrics={"accuracy": [0.5, 0.7, 0.9], LOAD: [10.0, 90.0, 50.0]},
    )


async def open_run(person: Story) -> None:
    await person.sees("measured")
    await person.press("enter")
    await person.sees("System metrics (1)")


def charts(person: Story) -> list[ChartGrid]:
    return list(person.app.screen.query(ChartGrid))


async def test_the_machines_metrics_have_charts_of_their_own(
    sqlite_store: Store, state_dir: Path, measured: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_run(person)
        await person.press(NEXT, NEXT)
        await person.sees("accuracy  0.9")
        assert LOAD not in person.screen
        await person.press("x", "Y")
        await person.sees("x: relative time")
        await person.press(NEXT)
        await person.sees(f"{LOAD}  50", "x: step")
        assert "accuracy" not in person.screen
        of_run, of_machine = charts(person)
        assert (of_run.view.is_log, of_machine.view.is_log) == (True, False)
        await person.press(NEXT)
        await person.sees("mlflow.runName")


async def test_keys_pressed_at_once_leave_the_focus_in_the_filter(
    sqlite_store: Store, state_dir: Path, measured: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_run(person)
        for key, character in ((NEXT, "]"), (NEXT, "]"), ("slash", "/")):
            person.app.post_message(Key(key, character))
        await person.sees("filter")
        await person.until(lambda: person.app.screen.query_one(FilterBar).is_open, "the bar")
        await person.pilot.pause()
        await person.until(lambda: isinstance(person.app.focused, Field), "the focus")
        await person.type("acc")
        await person.press("enter")
        await person.sees("only metrics with: acc")


async def test_a_filter_stays_with_its_tab_and_is_named(
    sqlite_store: Store, state_dir: Path, measured: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_run(person)
        await person.press("slash")
        assert not person.app.screen.query_one(FilterBar).is_open
        assert "/ Filter" not in person.screen
        await person.press(NEXT)
        await person.sees("/ Filter", "depth")
        await person.press("slash")
        await person.type("trees")
        await person.press("enter")
        await person.sees("only params with: trees")
        assert "depth" not in person.screen
        await person.press(NEXT)
        await person.sees("accuracy  0.9")
        assert "only" not in person.screen
        await person.press("slash")
        await person.press("shift+tab", NEXT)
        tabs = person.app.screen.query_one(TabbedContent)
        await person.until(lambda: tabs.active == "system-tab", "the next tab")
        await person.until(lambda: not person.app.screen.query_one(FilterBar).is_open, "no bar")
        await person.press(BEFORE, BEFORE)
        await person.sees("only params with: trees")
        await person.press("slash", "escape")
        await person.sees("depth")
        assert "only params" not in person.screen


async def test_the_web_page_is_that_of_what_is_under_the_cursor(
    sqlite_store: Store, state_dir: Path, measured: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("measured")
        await person.press("o")
        await person.sees(f"/runs/{measured[:8]}")
        await person.press("shift+tab")
        await person.until(
            lambda: person.app.focused and person.app.focused.id == "experiments", ""
        )
        await person.press("o")
        await person.sees("#/experiments/1 ")
