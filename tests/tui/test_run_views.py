"""Arranging the table of runs: columns, order, groups, trees, pins, saved views."""

import asyncio
from pathlib import Path

import pytest

from mlops_tui.domain.experiments.saved_view import SavedView
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import saved_views
from mlops_tui.services.metrics.metric_directions import read_directions
from mlops_tui.services.store.store import client
from mlops_tui.tui.experiments.experiment_view import ExperimentView
from mlops_tui.tui.kit.table import Table
from tests.making import make_experiment, make_run
from tests.tui.story import Story, story


@pytest.fixture
def runs(sqlite_store: Store) -> dict[str, str]:
    """Make runs of two optimizers whose losses were better once than at their ends."""
    experiment = make_experiment(sqlite_store, "Flowers")
    return {
        name: make_run(
            sqlite_store,
            experiment,
            name=name,
            params={"optimizer": optimizer},
            metrics={"loss": losses, "accuracy": 0.5},
        )
        for name, optimizer, losses in (
            ("one", "adam", [5.0, 0.1, 4.0]),
            ("two", "sgd", [3.0, 2.0]),
            ("three", "adam", [0.7, 0.3, 3.0]),
        )
    }


def order(person: Story) -> list[str]:
    """Return the names of the rows, as they stand below each other."""
    table = person.app.screen.query_one("#runs", Table)
    return [table.painter.cell(key, "name").plain.strip() for key in table.keys]


async def sees_order(person: Story, *names: str) -> None:
    await person.until(lambda: order(person) == list(names), f"the rows {names}")


async def pick(person: Story, key: str, words: str) -> None:
    """Press a key; pick what is found by the words."""
    before = person.app.screen
    await person.press(key)
    await person.until(lambda: person.app.screen is not before, "the list")
    await person.type(words)
    await person.press("enter")
    await person.until(lambda: person.app.screen is before, "the rows again")


async def test_runs_are_sorted_by_one_column_then_by_another(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("down", "down")
        await pick(person, "s", "loss")
        await sees_order(person, "two", "three", "one")
        table = person.app.screen.query_one("#runs", Table)
        assert table.cursor_key == table.keys[0]
        await pick(person, "s", "optimizer")
        await sees_order(person, "two", "three", "one")
        await person.press("S")
        await sees_order(person, "three", "one", "two")
        await pick(person, "s", "optimizer")
        await person.sees("Sorted by optimizer already; S turns it round.")
        await sees_order(person, "three", "one", "two")
        await pick(person, "s", "newest")
        await sees_order(person, "three", "two", "one")
        await person.press("S")
        await person.sees("Nothing is sorted")


async def test_a_column_shows_the_best_value_with_its_step(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir, size=(200, 40)) as person:
        await person.sees("3 loaded")
        await person.press("c")
        await person.sees("Columns", "space shows or hides", "Accept")
        await person.press("slash")
        await person.type("min loss")
        await person.press("enter", "g", "space", "down", "space", "enter")
        await person.sees("min loss", "step of min loss", "0.1")
        shown = person.app.screen.query_one("#runs", Table).painter.columns
        assert [c.key for c in shown][4:7] == ["metric:loss", "min:loss", "min-step:loss"]
        await pick(person, "s", "step of min loss")
        await pick(person, "s", "min loss")
        await sees_order(person, "one", "three", "two")
        await person.press("c")
        await person.sees("Columns")
        await person.press("G", "g", "m")
        await person.sees("Only the best of a metric has a direction")
        await person.press("G", "g", *["down"] * 6, "m")
        await person.sees("step of max loss", "max loss")
        await person.press("enter")
        await person.sees("max loss")
        table = person.app.screen.query_one("#runs", Table)
        greatest = [table.painter.cell(key, "max:loss").plain for key in table.keys]
        assert greatest == ["5", "3", "3"]
        assert "min loss" not in person.screen
    assert read_directions(state_dir) == {"loss": Direction.MAX}


async def test_columns_are_moved_widened_remembered_and_made_usual_again(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    def titles(person: Story) -> list[str]:
        return [
            column.title for column in person.app.screen.query_one("#runs", Table).painter.columns
        ]

    usual = ["Status", "Name", "Age", "Time", "loss", "accuracy", "optimizer"]
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        assert titles(person) == usual
        await person.press("c")
        await person.sees("7 shown")
        await person.press("down", "down", "space")
        await person.sees("6 shown")
        await person.press("K")
        await person.sees("Only columns that are shown can be moved")
        await person.press("G", "g", *["down"] * 6, "K", "plus", "enter")
        await person.until(lambda: titles(person)[4] == "optimizer", "another order")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        assert titles(person) == ["Status", "Name", "Time", "loss", "optimizer", "accuracy"]
        widths = person.app.screen.query_one("#runs", Table).painter.columns
        assert widths[4].width == len("optimizer") + 2
        await person.press("c")
        await person.sees("6 shown")
        await person.press("0")
        await person.sees("7 shown")
        await person.press("enter")
        await person.until(lambda: titles(person) == usual, "the usual columns")


async def test_runs_are_grouped_with_what_their_measures_come_to(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await pick(person, "b", "optimizer")
        await person.sees("2 groups by optimizer, mean (m)", "2 runs", "ø 3.5")
        await person.press("m")
        await person.sees("2 groups by optimizer, least (m)", "↓ 3")
        await person.press("m")
        await person.sees("↑ 4")
        await person.press("m")
        await sees_order(person, "▾ adam", "three", "one", "▾ sgd", "two")
        await person.press("g", "enter")
        await sees_order(person, "▸ adam", "▾ sgd", "two")
        await person.press("A")
        await person.sees("Marked: 1, without those below 1 folded row")
        await person.press("A", "z")
        await sees_order(person, "▾ adam", "three", "one", "▾ sgd", "two")
        await person.press("down", "z")
        await person.sees("This row has none below it")
        await pick(person, "b", "no groups")
        await person.press("m")
        await person.sees("There are no groups: b groups")
        await sees_order(person, "three", "two", "one")


async def test_children_stand_below_their_parent_even_from_elsewhere(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    sweep = make_run(sqlite_store, name="sweep")
    child = {"mlflow.parentRunId": sweep}
    make_run(sqlite_store, "1", name="trial", tags=child)
    async with story(sqlite_store, state_dir) as person:
        await person.sees("sweep")
        await person.press("shift+tab", "down")
        await person.sees("trial", "4 loaded")
        await person.press("tab", "N")
        await sees_order(person, "▾ sweep", "└ trial", "three", "two", "one")
        await person.sees("tree (N)")
        make_run(sqlite_store, "1", name="step", tags={"mlflow.parentRunId": runs["two"]})
        await sees_order(person, "▾ sweep", "└ trial", "three", "▾ two", "└ step", "one")
        await person.press("slash")
        await person.type("step")
        await sees_order(person, "▾ two", "└ step")
        await person.press("escape", "g", "z")
        await sees_order(person, "▸ sweep", "three", "▾ two", "└ step", "one")
        await person.press("N")
        await sees_order(person, "step", "trial", "three", "two", "one")


async def test_runs_are_pinned_and_hidden_for_good(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("G", "p")
        await sees_order(person, "★ one", "three", "two")
        await person.press("down", "H")
        await sees_order(person, "★ one", "two")
        await person.sees("1 hidden")
    async with story(sqlite_store, state_dir) as person:
        await sees_order(person, "★ one", "two")
        await person.press("Z", "g", "p")
        await sees_order(person, "three", "two", "one")


async def test_a_view_is_saved_under_a_name_then_taken_again(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("v")
        await person.sees("No view is saved")
        await pick(person, "s", "loss")
        await person.press("slash")
        await person.type("adam")
        await person.press("enter")
        await sees_order(person, "three", "one")
        await person.press("V")
        await person.sees("Save this view")
        await person.type("adams")
        await person.press("enter")
        await person.sees("Saved: adams")
        await person.press("slash", "escape")
        await pick(person, "s", "newest")
        await sees_order(person, "three", "two", "one")
        await pick(person, "v", "adams")
        await sees_order(person, "three", "one")
        await person.sees("filter: adam")


async def test_groups_that_were_left_come_back_with_their_means(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await pick(person, "b", "optimizer")
        await person.sees("ø 3.5")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("2 groups by optimizer", "ø 3.5")


async def test_keys_about_runs_say_why_they_do_nothing_on_a_group(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await pick(person, "b", "optimizer")
        await sees_order(person, "▾ adam", "three", "one", "▾ sgd", "two")
        for key in "pH":
            await person.press("g", key)
            await person.sees("There is no run under the cursor")
        assert len(order(person)) == 5


async def test_marks_beyond_the_filter_are_counted(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("3 loaded")
        await person.press("A", "slash")
        await person.type("sgd")
        await person.sees("3 marked (2 not shown here)")


async def test_order_columns_and_scroll_belong_to_an_experiment(
    sqlite_store: Store, state_dir: Path, runs: dict[str, str]
) -> None:
    other = make_experiment(sqlite_store, "Trees")
    for seed in range(2):
        make_run(
            sqlite_store,
            other,
            name=f"tree {seed}",
            params={f"p{number}": seed for number in range(12)},
            metrics={"val_acc": 0.5, "lr": 0.1, "system/cpu": 1.0},
        )

    def in_view(person: Story) -> list[str]:
        table = person.app.screen.query_one("#runs", Table)
        return [each.column.title for each in table.painter.placed]

    first = ["Status", "Name", "Age", "Time", "val_acc", "lr", "p0"]
    async with story(sqlite_store, state_dir, size=(109, 30)) as person:
        await person.sees("2 loaded", "Trees", "+1 column (c)")
        assert in_view(person)[: len(first)] == first
        await pick(person, "s", "p9")
        await person.until(lambda: "p9" in in_view(person), "the sorted column")
        assert "val_acc" not in in_view(person)
        await person.press("tab", "down")
        await person.sees("3 loaded", "optimizer")
        assert in_view(person)[:6] == ["Status", "Name", "Age", "Time", "loss", "accuracy"]
        assert person.app.screen.query_one("#runs", Table).sort is None
        await person.press("up")
        await person.sees("2 loaded", "p9")
        await person.until(lambda: "p9" in in_view(person), "the sorted column again")


async def test_a_key_pressed_before_the_view_was_read_changes_that_view(
    sqlite_store: Store,
    state_dir: Path,
    runs: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    experiment = client(sqlite_store).get_run(runs["one"]).info.experiment_id
    by_loss = SavedView(order=[("metric:loss", False)])
    saved_views.keep_view(state_dir, sqlite_store, experiment, by_loss)
    is_slow, read_view = asyncio.Event(), ExperimentView.read_view

    async def read_late(view: ExperimentView) -> None:
        await is_slow.wait()
        await read_view(view)

    def kept() -> SavedView:
        return saved_views.read_views(state_dir, sqlite_store, experiment)[saved_views.LAST]

    monkeypatch.setattr(ExperimentView, "read_view", read_late)
    async with story(sqlite_store, state_dir) as person:
        await person.sees("Flowers")
        await person.press("N")
        await person.pilot.pause()
        is_slow.set()
        await sees_order(person, "two", "three", "one")
        await person.sees("tree (N)")
        await person.until(lambda: kept().nested, "the view with the tree")
        assert list(kept().order) == [("metric:loss", False)]
