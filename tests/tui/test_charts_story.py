"""Charts of a run, by their keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import nan
from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.store.store import client
from mlops_tui.tui.charts.chart_grid import ChartGrid
from tests.making import make_experiment, make_run
from tests.tui.story import Story, story

LOSS = [2.0, 1.0, 0.5, nan, 0.25, 0.5]


@pytest.fixture
def curves(sqlite_store: Store) -> str:
    """Make a run with twelve curves, one of them a loss, and a single value."""
    metrics: dict[str, float | list[float]] = {
        f"m{number:02}": [number + step for step in range(6)] for number in range(11)
    }
    return make_run(
        sqlite_store,
        make_experiment(sqlite_store, "Flowers"),
        name="curved",
        metrics=metrics | {"loss": LOSS, "final": 0.75},
    )


@asynccontextmanager
async def charts(
    store: Store, state_dir: Path, size: tuple[int, int] = (120, 36)
) -> AsyncIterator[Story]:
    async with story(store, state_dir, size=size) as person:
        await person.sees("curved")
        await person.press("enter")
        await person.sees("Overview", "run id")
        await person.press("right_square_bracket", "right_square_bracket")
        await person.sees("x: step", "loss")
        yield person


async def test_as_many_charts_as_fit_are_read_beside_the_single_values(
    sqlite_store: Store, state_dir: Path, curves: str
) -> None:
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("final 0.75", "page 1 of 2", "★ 0.25 @ 4", "1 gap", "m07")
        assert "m08" not in person.screen
        await person.press("pagedown")
        await person.sees("m08", "m10", "page 2 of 2")
        await person.press("g")
        await person.sees("▸loss", "page 1 of 2")
        await person.press("G")
        await person.sees("▸m10")
        await person.press("k", "pageup")
        await person.sees("page 1 of 2")


async def test_the_cursor_reads_all_charts_at_once(
    sqlite_store: Store, state_dir: Path, curves: str
) -> None:
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("m07")
        await person.press("right", "right", "right")
        await person.sees("┊ step 2", "0.5 @ 2  +0.0s", "m00  2 @ 2")
        await person.press("left", "y")
        await person.sees("┊ step 1")
        assert person.app.clipboard.startswith("curved\tloss\t1\t")
        await person.press("shift+right")
        await person.sees("┊ step 5")
        await person.press("escape")
        await person.sees_no("┊")


async def test_one_chart_is_enlarged_and_escape_shows_all_again(
    sqlite_store: Store, state_dir: Path, curves: str
) -> None:
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("m07")
        await person.press("down", "enter")
        await person.sees("page 2 of 12")
        assert "m01" not in person.screen
        await person.press("escape")
        await person.sees("m01", "▸m00")
        await person.press("escape")
        await person.sees("1 loaded")


async def test_lines_are_smoothed_scaled_and_turned(
    sqlite_store: Store, state_dir: Path, curves: str
) -> None:
    async with charts(sqlite_store, state_dir) as person:
        await person.press("s")
        await person.sees("smoothed 0.3", "0.5 ~0.")
        await person.press("S", "Y", "O")
        await person.sees("x: step · log y · outliers hidden")
        await person.press("x")
        await person.sees("x: relative time", "0.000s")
        await person.press("x")
        await person.sees("x: wall time", ":20")
        await person.press("plus")
        await person.sees("x: wall time · log y · outliers hidden · from 20")
        await person.press("0", "x", "Y", "O")
        await person.sees("x: step")


async def test_charts_are_zoomed_panned_and_limited(
    sqlite_store: Store, state_dir: Path, curves: str
) -> None:
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("m07")
        await person.press("plus")
        await person.sees("x=1.25:3.75")
        await person.press("greater_than_sign")
        await person.sees("x=1.875:4.375")
        await person.press("less_than_sign", "minus", "minus")
        await person.sees_no("x=")
        await person.press("L")
        await person.sees("Limits of the axes", "Like x=0:5000 y=0.5:1")
        await person.type("x")
        await person.sees("sets no limits")
        await person.type("=2:4")
        await person.press("enter")
        await person.sees("x=2:4")
        await person.press("L")
        await person.press("escape", "0")
        await person.sees_no("x=2:4")


async def test_the_layout_has_fewer_charts_then_as_many_as_fit(
    sqlite_store: Store, state_dir: Path, curves: str
) -> None:
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("page 1 of 2")
        for pages in (2, 3, 6, 12, 2):
            await person.press("v")
            await person.sees(f"of {pages}")


async def test_what_is_best_is_turned_round_and_remembered(
    sqlite_store: Store, state_dir: Path, curves: str
) -> None:
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("★ 0.25 @ 4")
        await person.press("m")
        await person.sees("★ 2 @ 0")
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("★ 2 @ 0")


async def test_a_running_run_grows_before_ones_eyes(sqlite_store: Store, state_dir: Path) -> None:
    run_id = make_run(
        sqlite_store,
        make_experiment(sqlite_store, "Flowers"),
        name="curved",
        metrics={"loss": [3.0, 2.0]},
        status="RUNNING",
    )
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("★ 2 @ 1")
        client(sqlite_store).log_metric(run_id, "loss", 0.125, step=7)
        await person.sees("★ 0.125 @ 7")
        client(sqlite_store).log_metric(run_id, "loss", 0.0625, step=5)
        client(sqlite_store).log_metric(run_id, "auc", 0.5, step=5)
        client(sqlite_store).set_terminated(run_id)
        await person.sees("★ 0.0625 @ 5", "auc 0.5")


async def test_a_click_chooses_a_chart(sqlite_store: Store, state_dir: Path, curves: str) -> None:
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("m07")
        await person.pilot.click(ChartGrid, offset=(60, 5))
        await person.sees("▸m00")


async def test_charts_fit_a_small_terminal(
    sqlite_store: Store, state_dir: Path, curves: str
) -> None:
    async with charts(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.sees("page 1 of 3", "loss", "m02")
        assert all(len(line) <= 80 for line in person.screen.splitlines())


async def test_a_filter_leaves_the_charts_it_names(
    sqlite_store: Store, state_dir: Path, curves: str
) -> None:
    async with charts(sqlite_store, state_dir) as person:
        await person.sees("m07")
        await person.press("slash")
        await person.type("m1")
        await person.sees("m10")
        await person.sees_no("loss")
        await person.press("escape", "g")
        await person.sees("loss", "final")
