"""Every screen over a store whose every text is hostile, whose every number is extreme."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.store import Store
from mlops_tui.services.store.store import client
from mlops_tui.tui.charts.chart_grid import ChartGrid
from tests.making import make_run
from tests.tui.story import Story, story
from tests.tui.test_hostile_names import (
    ELSEWHERE,
    assert_harmless,
    hostile,
    make_keys_hostile,
    make_process,
)

LAST = 2**63 - 1
NOW = 1_790_000_000_000
TIMES = (NOW * 1_000, NOW * 1_000_000, LAST, -LAST, 0, -1, 253_402_300_800_000, NOW)
"""Of the wrong unit, past the calendar, before it, its first and its last moment."""

VALUES = (1e308, -1e308, float("inf"), float("-inf"), float("nan"), 5e-324, 0.0, -0.0, LAST)
STEPS = (0, 1, 2, 3, LAST, LAST - 1, -LAST, -1, 7)
NEXT = "right_square_bracket"


def make_store(store: Store) -> None:
    """Make runs, versions, traces of training with such numbers."""
    mlflow = client(store)
    experiment = mlflow.create_experiment(hostile("ex", 500))
    found = [
        make_run(
            store,
            experiment,
            name=hostile(f"r{number}"),
            params={"pa": hostile(f"v{number}"), "pb": (1e308, -1e308, "nan", 10**400)[number]},
            metrics={"ma": VALUES, "mb": VALUES[number], "system/gpu": VALUES},
            tags={"ta": hostile("tv")},
            status="RUNNING" if number == 3 else "FINISHED",
        )
        for number in range(4)
    ]
    mlflow.create_registered_model("m0", description=hostile("md"))
    for _ in range(2):
        mlflow.create_model_version("m0", "runs:/none/m", run_id=found[0], description=hostile("d"))
    make_keys_hostile(store)
    assert store.sqlite_path
    with closing(sqlite3.connect(store.sqlite_path)) as connection, connection:
        for number, run_id in enumerate(found):
            times = TIMES[2 * number : 2 * number + 2]
            connection.execute(
                "UPDATE runs SET start_time = ?, end_time = ? WHERE run_uuid = ?", (*times, run_id)
            )
        for step, (to, time) in enumerate(zip(STEPS, (*TIMES, NOW), strict=True)):
            for table in ("metrics", "latest_metrics"):
                # A step that is moved must not meet one that is still to be.
                connection.execute(
                    f"UPDATE OR IGNORE {table} SET step = ?, timestamp = ? "  # noqa: S608 - our own
                    "WHERE timestamp = ?",
                    (to, time, 1_700_000_000_000 + step),
                )
        for table in ("model_versions", "registered_models"):
            connection.execute(
                f"UPDATE {table} SET creation_time = ?, last_updated_time = ?",  # noqa: S608 - our own
                (LAST, -LAST),
            )


def make_processes(state_dir: Path) -> None:
    """Write down jobs and servers with times that cannot be."""
    kinds: tuple[dict[str, Any], ...] = ({}, ELSEWHERE, {"exit_code": -9})
    for number, changes in enumerate(kinds):
        start, end = ((0, NOW), (NOW, 0), (2 * NOW, 3 * NOW))[number]
        times = {"started_at": start, "ended_at": end}
        make_process(state_dir, ProcessKind.JOB, f"j{number}", **times | changes)
        details = {"model": "m0", "version": hostile("ve"), "port": "9" * 400, "aliases": "[]"}
        make_process(
            state_dir, ProcessKind.SERVER, f"s{number}", details=details, **times | changes
        )


async def walk(person: Story, *keys: str) -> None:
    """Press keys; after each the screen is harmless, nothing has failed."""
    for key in keys:
        await person.press(key)
        person.raise_fault()
        assert_harmless(person)


async def walk_charts(person: Story) -> None:
    """Look at the charts in view in every way: along each axis, logarithmic, closer, beside."""
    for grid in person.app.screen.query(ChartGrid):
        if grid.size:
            grid.focus()
            await person.until(lambda: "reading…" not in person.screen, "the curves")
            await walk(person, "l", "x", "l", "x", "l")
            assert "x: wall time" in person.screen
            await walk(person, "Y", "O", "s", "plus", "plus", "minus", "L", "Y", "x", "O", "y")


async def test_every_screen_holds_with_extreme_numbers(
    sqlite_store: Store, state_dir: Path
) -> None:
    make_store(sqlite_store)
    make_processes(state_dir)
    async with story(sqlite_store, state_dir, size=(80, 24), stale_after=0.1) as person:
        await person.sees("4 loaded")
        await walk(person, "j", "j", "j", "l", "l", "l", "h", "F")
        await person.sees("Feed:")
        await walk(person, "j", "j", "escape", "A", "C")
        await person.sees("rows · 4 runs")
        await walk(person, "B", "d", "d", NEXT, "tab")
        await walk_charts(person)
        await walk(person, "escape", NEXT, NEXT, NEXT, NEXT, "escape")
        await walk(person, "enter")
        await person.sees("Overview")
        for _ in range(8):
            await walk(person, NEXT, "tab", "j")
            await person.until(lambda: "reading…" not in person.screen, "the tab")
            await walk_charts(person)
        await walk(person, "escape", "escape", "escape", "escape")
        await walk(person, "3")
        await person.sees("v2")
        await walk(person, "j", "shift+tab", "j", "4")
        await person.sees("? lost", "vve")
        await walk(person, "j", "j", "y", "2")
        await person.sees("j1[red]")
        await walk(person, "j", "j", "M", "M", "y", "S", "1")
        await person.sees("Experiments (")
