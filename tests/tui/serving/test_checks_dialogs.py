"""The dialogs of a load test and of two answers."""

from dataclasses import replace

from textual.app import App
from textual.widgets import Static

from mlops_tui.domain.errors import Unreachable
from mlops_tui.domain.serving.answer_difference import difference
from mlops_tui.domain.serving.load_figures import LoadFigures
from mlops_tui.domain.serving.query_result import QueryResult
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.serving.difference_dialog import DifferenceDialog
from mlops_tui.tui.serving.load_dialog import LoadDialog


def reason(dialog: Dialog[None]) -> str:
    return str(dialog.query_one(".reason", Static).content)


async def test_a_load_test_measures_with_more_and_more_clients_and_tells_a_failure() -> None:
    asked: list[tuple[int, float]] = []

    async def measure(clients: int, seconds: float) -> LoadFigures:
        asked.append((clients, seconds))
        if len(asked) > 4:
            raise Unreachable("Nothing answers.")
        return LoadFigures(clients, 10, seconds, {"400": 1}, 1.0, 2.0, 3.0, 0.5)

    dialog = LoadDialog("Load", "mlops-tui query s r.json", measure)
    app: App[None] = App()
    async with app.run_test() as pilot:
        await app.push_screen(dialog)
        await pilot.press("0", "enter")
        assert "Seconds" in reason(dialog)
        await pilot.press("backspace", "2", "enter")
        await app.workers.wait_for_complete()
        assert asked == [(1, 2), (2, 2), (4, 2), (8, 2)]
        assert list(dialog.query_one(Table).keys) == ["1", "2", "4", "8"]
        assert dialog._cell("8", "errors").plain == "400: 1"
        assert dialog.equivalent() == "mlops-tui query s r.json --load --seconds 2"
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        assert "Nothing answers" in reason(dialog)


async def test_predictions_that_differ_come_first() -> None:
    first = QueryResult(200, 5.0, [1, 2, 3], "", 0)
    found = difference(first, replace(first, predictions=[1, 2.5, 3]))
    dialog = DifferenceDialog(("A", "B"), ("mlops-tui", "query"), found)
    app: App[None] = App()
    async with app.run_test():
        await app.push_screen(dialog)
        assert list(dialog.query_one(Table).keys) == ["1", "0", "2"]
        columns = ("mark", "first", "second", "difference")
        assert [dialog._cell("1", each).plain for each in columns] == ["≠", "2", "2.5", "0.5"]
        assert dialog._cell("0", "difference").plain == ""
