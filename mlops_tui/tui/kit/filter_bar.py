"""The line in which a filter is typed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from textual.containers import Vertical
from textual.message import Message

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.keys import FILTER
from mlops_tui.tui.kit.steady_text import SteadyText

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.widgets import Input

    from mlops_tui.domain.runs.run_filter import Completion
    from mlops_tui.tui.kit.first_completion import Completer

OFFERED = 8
"""Completions that are shown."""


class Typed(Protocol):
    """What is typed in a bar: the filter of a list, or a query."""

    @property
    def words(self) -> str:
        """What was typed last."""

    @property
    def label(self) -> str:
        """Stands before the field."""

    @property
    def example(self) -> str:
        """Stands in the field while it is empty."""

    @property
    def completer(self) -> "Callable[[], Completer | None]":
        """Return what offers how a text may go on."""

    def edited(self, text: str) -> None:
        """Take note of what is typed so far."""

    def entered(self, text: str) -> None:
        """Take what was typed; the bar stays open."""

    def closed(self) -> None:
        """Drop what was typed: the person pressed escape, which closed the bar."""


class FilterBar(Vertical):
    """A labelled text field, hidden until it is opened for something that is typed.

    That hears of each change; where it is opened for a mere purpose, messages tell of them.
    What is in it is made when it is first opened: the first frame does without.
    """

    BINDINGS = bindings(FILTER)
    DEFAULT_CSS = """
    FilterBar { height: auto; display: none; }
    FilterBar.-open { display: block; }
    FilterBar #label { dock: left; width: auto; color: $text-muted; padding: 0 1; }
    FilterBar #wrong { height: auto; color: $text-error; padding: 0 1; display: none; }
    FilterBar #offer { height: 1; color: $text-muted; padding: 0 1; display: none; }
    FilterBar #offer { text-wrap: nowrap; text-overflow: ellipsis; }
    FilterBar.-wrong #wrong { display: block; }
    FilterBar.-offering #offer { display: block; }
    FilterBar Field { width: 1fr; }
    """

    @dataclass
    class Edited(Message):
        """The text changed while the person types."""

        purpose: str
        text: str

    @dataclass
    class Entered(Message):
        """The person pressed enter."""

        purpose: str
        text: str

    @dataclass
    class Closed(Message):
        """The person pressed escape: the filter is to be dropped."""

        purpose: str

    typed: Typed | None = None
    """What it was opened for last."""

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    def open_for(self, typed: Typed) -> None:
        """Let the words of a filter, or a query, be typed."""
        self.open("", typed.label, typed.words, typed.example, typed.completer())
        self.typed = typed

    def open(
        self,
        purpose: str,
        label: str,
        text: str,
        placeholder: str = "",
        completer: "Completer | None" = None,
    ) -> None:
        """Show the field with what was typed last."""
        from mlops_tui.tui.kit.field import Field
        from mlops_tui.tui.kit.first_completion import FirstCompletion

        self.purpose, self.typed = purpose, None
        self._completer = completer
        if not self.children:
            parts = SteadyText(id="label"), Field(compact=True)
            lines = SteadyText(id="offer"), SteadyText(id="wrong")
            self.mount(*parts, *lines)
        self.query_one("#label", SteadyText).update(label)
        field = self.query_one(Field)
        with field.prevent(Field.Changed):
            field.value = text
        field.placeholder = placeholder
        field.suggester = FirstCompletion(completer) if completer else None
        self.remove_class("-wrong", "-offering")
        self.add_class("-open")
        field.focus()

    def take_focus(self) -> None:
        """Let what is typed go into the field."""
        from mlops_tui.tui.kit.field import Field

        self.query_one(Field).focus()

    def close(self) -> None:
        """Hide the field."""
        self.remove_class("-open", "-wrong", "-offering")

    def complain(self, reason: str) -> None:
        """Say what is wrong with the text, until it is changed."""
        self.query_one("#wrong", SteadyText).update(f"✗ {one_line(reason, 300)}")
        self.add_class("-wrong")

    def offer_again(self) -> None:
        """Offer how the text may go on, now that more is known."""
        from mlops_tui.tui.kit.field import Field

        if self.is_open:
            self._offer(self.query_one(Field).value)

    def action_close(self) -> None:
        """Hide the field, dropping the filter."""
        self.close()
        if self.typed:
            self.typed.closed()
        else:
            self.post_message(self.Closed(self.purpose))

    def action_complete(self) -> None:
        """Take the likeliest completion; where none is ever offered, go to the next pane."""
        from mlops_tui.tui.kit.field import Field

        if self._completer is None:
            self.screen.focus_next()
            return
        field = self.query_one(Field)
        for completion in self._completions(field.value)[:1]:
            field.value = completion.text
            field.cursor_position = len(completion.text)

    def on_input_changed(self, event: "Input.Changed") -> None:
        """Pass on what is typed; offer how it may go on."""
        event.stop()
        self.remove_class("-wrong")
        self._offer(event.value)
        if self.typed:
            self.typed.edited(event.value)
        else:
            self.post_message(self.Edited(self.purpose, event.value))

    def on_input_submitted(self, event: "Input.Submitted") -> None:
        """Pass on that it is meant so."""
        event.stop()
        if self.typed:
            self.typed.entered(event.value)
        else:
            self.post_message(self.Entered(self.purpose, event.value))

    def _completions(self, text: str) -> "Sequence[Completion]":
        return self._completer(text) if self._completer else ()

    def _offer(self, text: str) -> None:
        """Show what the last term may become."""
        found = self._completions(text)
        self.set_class(bool(found), "-offering")
        terms = [one_line(completion.term, 30) for completion in found[:OFFERED]]
        self.query_one("#offer", SteadyText).update(f"tab ⇥ {'  '.join(terms)}" if terms else "")
