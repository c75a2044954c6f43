"""Marking runs."""

from pathlib import Path

from mlops_tui.domain.store import Store
from mlops_tui.tui.kit.table import Table
from tests.making import make_experiment, make_run
from tests.tui.story import Story, story


def marked(person: Story) -> set[str]:
    return {run.name for run in person.app.selection.runs}


async def test_marks_are_counted_and_taken_away(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("space", "down", "space")
        await person.sees("2 marked · 3 loaded")
        assert marked(person) == {"deep", "middling"}
        await person.press("space")
        await person.sees("1 marked · 3 loaded")
        await person.press("M")
        await person.sees("1 mark cleared")
        assert marked(person) == set()
        assert person.app.screen.query_one("#runs", Table).marked == frozenset()
        await person.press("M")
        await person.sees("Nothing is marked")


async def test_marks_outlive_filter_refresh_screens_and_experiments(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    make_run(sqlite_store, make_experiment(sqlite_store, "Cars"), name="fast car")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("fast car")
        await person.press("space")
        await person.sees("1 marked · 1 loaded")
        await person.press("shift+tab", "down")
        await person.sees("deep", "1 marked (1 not shown here) · 3 loaded")
        await person.press("tab", "space")
        await person.sees("2 marked (1 not shown here)")
        await person.press("slash")
        await person.type("shallow")
        await person.sees("2 marked (2 not shown here)")
        await person.press("escape", "r")
        await person.press("3", "1")
        await person.sees("2 marked (1 not shown here)")
        assert marked(person) == {"fast car", "deep"}
        shown = person.app.screen.query_one("#runs", Table)
        assert three_runs["deep"] in shown.marked
        await person.press("H")
        await person.sees("Hidden: 1 marked.", "2 of 3 loaded", "1 hidden")
        await person.press("down", "space", "g", "M", "g", "shift+tab", "up")
        await person.sees("fast car")
        await person.press("tab", "space", "shift+tab", "down", "tab")
        await person.sees("1 marked (1 not shown here) · 2 of 3 loaded")
        await person.press("p")
        await person.sees("The marked runs are of other experiments")


async def test_all_shown_runs_are_marked_at_once(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("slash")
        await person.type("d")
        await person.press("enter", "A")
        await person.sees("3 marked")
        await person.press("A")
        await person.sees_no("marked · ")
        assert marked(person) == set()


async def test_marks_can_be_set_in_read_only_mode(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir, read_only=True) as person:
        await person.sees("deep")
        await person.press("space")
        await person.sees("1 marked")
