"""The dialog in which columns are chosen, without a store behind it."""

from textual.app import App

from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.runs.columns_dialog import ColumnChoice, ColumnsDialog

SHOWN = ["status", "name", "age", "metric:acc", "param:lr"]
TITLES = {text: text.rpartition(":")[2] for text in [*SHOWN, "id", "param:depth", "param:seed"]}


async def choose(*keys: str) -> tuple[list[tuple[str, bool]], ColumnChoice | None]:
    """Press keys; return the rows, each with whether it is ticked, and what was chosen."""
    answers: list[ColumnChoice | None] = []
    app: App[None] = App()
    async with app.run_test(size=(100, 40)) as pilot:
        dialog = ColumnsDialog(TITLES, SHOWN, {}, ["status", "name", "age", "param:depth"])
        app.push_screen(dialog, answers.append)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        table = dialog.query_one(Table)
        rows = [(key, key in table.marked) for key in table.keys]
        if not answers:
            await pilot.press("enter")
            await pilot.pause()
    return rows, answers[0]


async def test_the_cursor_stays_where_columns_are_hidden_one_after_the_other() -> None:
    rows, choice = await choose("down", "down", "space", "j", "space")
    assert [key for key, _ in rows] == list(TITLES)
    assert [key for key, ticked in rows if ticked] == ["status", "name", "param:lr"]
    assert choice is not None
    assert choice.columns == ("status", "name", "param:lr")


async def test_a_column_that_is_shown_stays_in_its_row_too() -> None:
    rows, choice = await choose("end", "space", "k", "space")
    assert [key for key, _ in rows] == list(TITLES)
    assert choice is not None
    assert set(choice.columns or ()) == {*SHOWN, "param:seed", "param:depth"}


async def test_what_always_stays_cannot_be_hidden_or_moved() -> None:
    for keys in (("space",), ("J",), ("down", "space"), ("down", "down", "K")):
        rows, choice = await choose(*keys)
        assert [key for key, ticked in rows if ticked] == SHOWN
        assert choice is not None
        assert choice.columns == tuple(SHOWN)


async def test_a_column_is_moved_past_those_that_are_hidden() -> None:
    rows, choice = await choose("down", "down", "down", "space", "k", "J")
    assert [key for key, _ in rows][2:5] == ["metric:acc", "param:lr", "age"]
    assert choice is not None
    assert choice.columns == ("status", "name", "param:lr", "age")


async def test_the_usual_columns_can_be_looked_at_first() -> None:
    rows, choice = await choose("0")
    usual = ["status", "name", "age", "param:depth"]
    assert [key for key, ticked in rows if ticked] == usual
    assert choice == ColumnChoice(None, {})
    rows, choice = await choose("0", "end", "space")
    assert choice is not None
    assert choice.columns == (*usual, "param:seed")
