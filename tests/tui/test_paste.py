"""Pastes, from the bytes of the terminal to the editor."""

from itertools import chain
from typing import TYPE_CHECKING

import pytest
from textual import events, on
from textual.app import App, ComposeResult

from mlops_tui.tui import paste
from mlops_tui.tui.paste import END, START, PasteParser
from mlops_tui.tui.widgets import editor, field
from mlops_tui.tui.widgets.editor import Editor
from mlops_tui.tui.widgets.field import Field

if TYPE_CHECKING:
    from textual.message import Message


def events_of(*reads: str) -> list[str]:
    parser = PasteParser()
    found: list[Message] = list(chain.from_iterable(map(parser.feed, reads)))
    return [
        f"paste {event.text}" if isinstance(event, events.Paste) else event.key
        for event in found
        if isinstance(event, events.Paste | events.Key)
    ]


WORDS = f"a{START}one\n\x1b[31m\x00two{END}b\x1b[A{START}{END}{START}three{END}"


def test_keys_and_pastes_are_told_apart() -> None:
    assert events_of(WORDS) == ["a", "paste one\n\x1b[31mtwo", "b", "up", "paste ", "paste three"]


@pytest.mark.parametrize("at", range(1, len(WORDS)))
def test_it_does_not_matter_how_the_bytes_arrive(at: int) -> None:
    words = WORDS.replace("\x1b[31m\x00", "")  # Textual's own reading loses a part of those
    found = events_of(words[:at], words[at:])
    # Of nothing pasted Textual itself makes no event.
    assert [each for each in found if each != "paste "] == [
        "a",
        "paste one\ntwo",
        "b",
        "up",
        "paste three",
    ]


def test_a_paste_arrives_character_by_character_too() -> None:
    assert events_of("a", START, *"abc", *END, "b") == ["a", "paste abc", "b"]


def test_of_an_endless_paste_only_the_beginning_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paste, "MOST", 10)
    (found,) = events_of(START, *["x" * 100] * 50, END)
    assert 10 <= len(found.removeprefix("paste ")) < 200


class Editors(App[None]):
    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []

    def compose(self) -> ComposeResult:
        yield Editor("abc")
        yield Field("abc")

    @on(Editor.TooLarge)
    def _keep(self, event: Editor.TooLarge) -> None:
        self.kept.append(event.text)


async def test_an_editor_takes_no_more_than_can_be_edited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(editor, "LARGEST", 100)
    app = Editors()
    async with app.run_test() as pilot:
        area = app.query_one(Editor)
        area.focus()
        area.move_cursor((0, 1))
        for text in ("x" * 96, "y" * 90, "z" * 18_000_000):
            app.post_message(events.Paste(text))
            await pilot.pause()
        assert area.text == "a" + "x" * 96 + "bc"
        assert [len(text) for text in app.kept] == [189, 18_000_099]
        assert app.kept[0] == "a" + "x" * 96 + "y" * 90 + "bc"


async def test_a_field_takes_no_more_than_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(field, "LONGEST", 100)
    app = Editors()
    async with app.run_test() as pilot:
        line = app.query_one(Field)
        line.focus()
        await pilot.press("end")
        for text in ("d\nsecond line" + "x" * 1_000, "x" * 97, "", "\n", "y" * 18_000_000):
            app.post_message(events.Paste(text))
            await pilot.pause()
        assert line.value == "abcd"
