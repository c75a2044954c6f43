"""The filter of one list."""

from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, ListItem, ListView

from mlops_tui.tui.kit.filter_bar import FilterBar
from mlops_tui.tui.kit.list_filter import ListFilter


class ListApp(App[None]):
    """A list with a filter that refuses numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.pane = Vertical(ListView(ListItem()), FilterBar())
        self.applied: list[str] = []
        self.filter = ListFilter(
            self.pane,
            self.applied.append,
            rows="ListView",
            refusal=lambda words: "No numbers." if words.isdigit() else "",
        )

    def compose(self) -> ComposeResult:
        yield self.pane


async def test_words_are_applied_as_they_are_typed_and_kept_by_enter() -> None:
    app = ListApp()
    async with app.run_test() as pilot:
        app.filter.open()
        await pilot.press("a", "b")
        assert app.applied == ["a", "ab"]
        assert app.filter.is_open
        await pilot.press("enter")
        assert app.filter.words == "ab"
        assert not app.filter.is_open
        assert app.query_one(ListView).has_focus
        app.filter.open()
        await pilot.pause()
        assert app.query_one(Input).value == "ab"


async def test_escape_drops_the_filter_and_goes_to_the_rows() -> None:
    app = ListApp()
    async with app.run_test() as pilot:
        app.filter.open()
        await pilot.press("a", "escape")
        assert app.applied == ["a", ""]
        assert app.filter.has_focus
        assert not app.filter.is_open


async def test_words_that_are_refused_are_not_applied() -> None:
    app = ListApp()
    async with app.run_test() as pilot:
        app.filter.open()
        await pilot.press("1", "enter")
        assert app.applied == []
        assert app.filter.is_open
        assert app.query_one(FilterBar).has_class("-wrong")
