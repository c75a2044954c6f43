"""Pastes that are larger than what is edited."""

import asyncio
from collections.abc import Callable

import pytest
from textual import events, on
from textual.app import ComposeResult
from textual.widgets import Input

from mlops_tui.tui.kit import editor, field
from mlops_tui.tui.kit.editor import Editor
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.key_queue import MOST_PASTED
from mlops_tui.tui.kit.steady_app import SteadyApp
from tests.patience import PATIENCE

HUGE = 18_000_000


class Editors(SteadyApp):
    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []

    def compose(self) -> ComposeResult:
        yield Editor("abc")
        yield Field("abc")
        yield Input()

    @on(Editor.TooLarge)
    def _keep(self, event: Editor.TooLarge) -> None:
        self.kept.append(event.text)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not condition():  # noqa: ASYNC110 - the app's own loop changes it
            await asyncio.sleep(0.01)


async def test_an_editor_takes_no_more_than_can_be_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "LARGEST", 100)
    app = Editors()
    async with app.run_test():
        area = app.query_one(Editor)
        area.focus()
        area.move_cursor((0, 1))
        for text in ("x" * 96, "y" * 90, "z" * HUGE):
            app.post_message(events.Paste(text))
        await until(lambda: len(app.kept) == 2)
        assert area.text == "a" + "x" * 96 + "bc"
        assert app.kept[0] == "a" + "x" * 96 + "y" * 90 + "bc"
        assert len(app.kept[1]) == 99 + HUGE


async def test_a_field_takes_no_more_than_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field, "LONGEST", 100)
    app = Editors()
    async with app.run_test() as pilot:
        line = app.query_one(Field)
        line.focus()
        await pilot.press("end")
        for text in ("d\nsecond line" + "x" * 1_000, "x" * 97, "", "\n", "y" * HUGE, "e"):
            app.post_message(events.Paste(text))
        await until(lambda: line.value.endswith("e"))
        assert line.value == "abcde"


async def test_a_field_of_textuals_own_takes_no_more_than_a_thousand_characters() -> None:
    app = Editors()
    async with app.run_test():
        line = app.query(Input).last()
        line.focus()
        app.post_message(events.Paste("y" * HUGE))
        await until(lambda: line.value)
        assert line.value == "y" * MOST_PASTED
