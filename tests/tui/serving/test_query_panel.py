"""A query for a served model."""

import json
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.text import Text
from textual.app import App, ComposeResult
from textual.widgets import Static, TextArea

from mlops_tui.domain.errors import NotFound, ServiceError, Unreachable
from mlops_tui.domain.models.model_info import ModelInfo
from mlops_tui.domain.models.signature import ColumnSpec, Signature
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.serving.query_panel import NO_EXAMPLE, QueryPanel
from tests.tui.serving.test_server_cells import SERVER


class ReadingApp(App[None]):
    """The panel, with a store that fails as told at first; it counts what is asked."""

    def __init__(self, failure: ServiceError) -> None:
        super().__init__()
        self.backend, self.failures, self.asked = self, [failure], 0
        self.settings = SimpleNamespace(store=None)

    def compose(self) -> ComposeResult:
        yield QueryPanel()

    async def call(self, *_: object, **__: object) -> ModelInfo:
        self.asked += 1
        if self.failures:
            raise self.failures.pop()
        return ModelInfo("", signature=Signature((ColumnSpec("width", "double"),)))


class PanelApp(App[None]):
    """Only the panel."""

    def compose(self) -> ComposeResult:
        yield QueryPanel()


def answer(panel: QueryPanel) -> Text:
    shown = panel.query_one("#answer", Static).content
    assert isinstance(shown, Text)
    return shown


async def test_an_answer_is_dim_as_long_as_the_request_is_another_one() -> None:
    app = PanelApp()
    async with app.run_test() as pilot:
        panel = app.query_one(QueryPanel)
        panel._infos["s"] = ModelInfo("")
        panel.show_server(SERVER)
        request = panel.query_one("#request", TextArea)
        request.load_text('{"inputs": [1]}')
        await pilot.pause()
        panel._show_answer("s", '{"inputs": [1]}', Text("prediction 7"))
        assert answer(panel).plain == "prediction 7"
        request.load_text('{"inputs": [2]}')
        await pilot.pause()
        assert answer(panel).plain.startswith("Answer to the request before you edited it")
        assert any(span.style == "dim" for span in answer(panel).spans)
        request.load_text('{"inputs": [1]}')
        await pilot.pause()
        assert answer(panel).plain == "prediction 7"


async def test_the_words_while_an_answer_is_awaited_stay_whatever_is_typed() -> None:
    app = PanelApp()
    async with app.run_test() as pilot:
        panel = app.query_one(QueryPanel)
        panel._infos["s"] = ModelInfo("")
        panel.show_server(SERVER)
        panel._sending["s"] = cast("Any", object())
        panel._show_answer("s", "", Text("sending… (esc cancels)"))
        panel.query_one("#request", TextArea).load_text('{"inputs": [2]}')
        await pilot.pause()
        assert answer(panel).plain == "sending… (esc cancels)"


@pytest.mark.parametrize(
    ("request_", "unavailable"),
    [
        ("", {"fix_request", "next_format"}),
        ("{", {"fix_request", "next_format"}),
        ('{"inputs": [[1.5]]}', set()),
        ('{"dataframe_split": {"columns": ["x"], "data": [[1.5]]}}', {"fix_request"}),
    ],
)
async def test_only_what_can_be_done_with_a_request_is_offered(
    request_: str, unavailable: set[str]
) -> None:
    app = PanelApp()
    async with app.run_test() as pilot:
        panel = app.query_one(QueryPanel)
        signature = Signature((ColumnSpec("x", "double"),))
        panel._infos["s"] = ModelInfo("", signature=signature)
        panel.show_server(SERVER)
        panel.query_one("#request", TextArea).load_text(request_)
        await pilot.pause()
        actions = ("send", "fix_request", "next_format", "clear")
        assert {each for each in actions if panel.why_unavailable(each)} == unavailable
        panel.show_server(None)
        await pilot.pause()
        assert all(map(panel.why_unavailable, actions))


@pytest.mark.parametrize(
    ("failure", "asked", "text"),
    [(Unreachable("Nothing listens there."), 2, NO_EXAMPLE), (NotFound("It is gone."), 1, "")],
)
async def test_an_example_is_read_again_only_where_the_store_did_not_answer(
    failure: ServiceError, asked: int, text: str
) -> None:
    app = ReadingApp(failure)
    async with app.run_test() as pilot:
        panel = app.query_one(QueryPanel)
        for _ in range(4):
            panel.show_server(SERVER)
            await app.workers.wait_for_complete()
            await pilot.pause()
        assert app.asked == asked
        assert panel.query_one("#request", TextArea).text == text


async def test_a_form_shows_the_request_and_changes_only_what_is_typed() -> None:
    app = PanelApp()
    async with app.run_test() as pilot:
        panel = app.query_one(QueryPanel)
        signature = Signature((ColumnSpec("x", "double"), ColumnSpec("y", "string")))
        panel._infos["s"] = ModelInfo("", signature=signature)
        panel.show_server(SERVER)
        request = panel.query_one("#request", TextArea)
        request.load_text('{"dataframe_records": [{"x": 1, "y": "a"}, {"x": 2, "more": [1]}]}')
        await pilot.pause()
        panel.action_toggle_form()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert [field.value for field in panel.query(Field)] == ["1", "a", ""]
        await pilot.press("7", ".", "pagedown")
        await pilot.pause()
        assert json.loads(request.text) == {
            "dataframe_records": [{"x": "7.", "y": "a"}, {"x": 2, "more": [1]}]
        }
        assert [field.value for field in panel.query(Field)] == ["2", "", "[1]"]
        request.load_text('{"dataframe_records": [{"x": 3, "y": "b", "more": 0}]}')
        await pilot.pause()
        assert [field.value for field in panel.query(Field)] == ["3", "b", "0"]
        request.load_text("{")
        await pilot.pause()
        assert request.display
        assert "Not JSON" in panel.why_unavailable("toggle_form")
