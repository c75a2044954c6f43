"""A text that is drawn anew only when it differs."""

import pytest
from textual.app import App, ComposeResult

from mlops_tui.tui.kit.steady_text import SteadyText


class Page(App[None]):
    def compose(self) -> ComposeResult:
        yield SteadyText(id="line")


async def test_only_another_text_is_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Page()
    async with app.run_test() as pilot:
        line = app.query_one(SteadyText)
        line.update("[one]")
        await pilot.pause()
        drawn: list[SteadyText] = []
        monkeypatch.setattr(SteadyText, "refresh", lambda self, **_: drawn.append(self))
        line.update("[one]")
        assert drawn == []
        line.update("two")
        assert drawn == [line]
        assert str(line.content) == "two"
