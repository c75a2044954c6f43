"""Lines of a file that are wider than where they are shown."""

from rich.style import Style
from textual.app import App, ComposeResult

from mlops_tui.tui.artifacts.preview_lines import SIDEWAYS, PreviewLines

LINE = "0123456789" * 3


class LinesApp(App[None]):
    """Only the lines."""

    def compose(self) -> ComposeResult:
        yield PreviewLines()


async def test_a_wide_line_says_that_it_goes_on_and_is_scrolled_to_its_end() -> None:
    app = LinesApp()
    async with app.run_test(size=(21, 5)) as pilot:
        lines = app.query_one(PreviewLines)
        lines.show(lambda _width: [[(LINE, Style())], [("short", Style())]])
        lines.focus()
        await pilot.pause()
        assert lines.draw(0).text.rstrip() == LINE[:19] + ">"
        assert lines.draw(1).text.rstrip() == "short"
        await pilot.press("right")
        assert lines.draw(0).text.rstrip() == LINE[SIDEWAYS : SIDEWAYS + 19] + ">"
        await pilot.press("l", "l")
        assert lines.draw(0).text.rstrip() == LINE[10:]
        await pilot.press("left", "h")
        assert lines.draw(0).text.rstrip() == LINE[:19] + ">"
