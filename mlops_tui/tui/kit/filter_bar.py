"""The line in which a filter or query is typed."""

from typing import TYPE_CHECKING, Protocol

from textual.containers import Vertical

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
"""The most completions shown."""


class Typed(Protocol):
    """What a bar edits: the filter of a list, or a query."""

    @property
    def words(self) -> str:
        """The current text."""

    @property
    def label(self) -> str:
        """Shown before the field."""

    @property
    def example(self) -> str:
        """Shown in the field while it is empty."""

    @property
    def completer(self) -> "Callable[[], Completer | None]":
        """Return the function that completes a text, if any."""

    def edited(self, text: str) -> None:
        """Handle a change of the text."""

    def entered(self, text: str) -> None:
        """Handle enter; the bar stays open."""

    def closed(self) -> None:
        """Handle escape, which closed the bar: drop the text."""


class FilterBar(Vertical):
    """A labelled text field that is hidden until it is opened.

    It reports each change to the ``Typed`` that it was opened for. Its children are created when it
    is first opened.
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

    typed: Typed | None = None
    """What it edits, or edited last."""

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    def open_for(self, typed: Typed) -> None:
        """Show the field with the current text of a filter or a query."""
        from mlops_tui.tui.kit.field import Field
        from mlops_tui.tui.kit.first_completion import FirstCompletion

        self.typed = typed
        self._completer = completer = typed.completer()
        if not self.children:
            parts = SteadyText(id="label"), Field(compact=True)
            lines = SteadyText(id="offer"), SteadyText(id="wrong")
            self.mount(*parts, *lines)
        self.query_one("#label", SteadyText).update(typed.label)
        field = self.query_one(Field)
        with field.prevent(Field.Changed):
            field.value = typed.words
        field.placeholder = typed.example
        field.suggester = FirstCompletion(completer) if completer else None
        self.remove_class("-wrong", "-offering")
        self.add_class("-open")
        field.focus()

    def take_focus(self) -> None:
        """Focus the field."""
        from mlops_tui.tui.kit.field import Field

        self.query_one(Field).focus()

    def close(self) -> None:
        """Hide the field."""
        self.remove_class("-open", "-wrong", "-offering")

    def complain(self, reason: str) -> None:
        """Show what is wrong with the text, until it changes."""
        self.query_one("#wrong", SteadyText).update(f"✗ {one_line(reason, 300)}")
        self.add_class("-wrong")

    def offer_again(self) -> None:
        """Update the completions, after more data were loaded."""
        from mlops_tui.tui.kit.field import Field

        if self.is_open:
            self._offer(self.query_one(Field).value)

    def action_close(self) -> None:
        """Hide the field, dropping the filter."""
        self.close()
        if self.typed:
            self.typed.closed()

    def action_complete(self) -> None:
        """Take the first completion; in a bar without completions go to the next pane."""
        from mlops_tui.tui.kit.field import Field

        if self._completer is None:
            self.screen.focus_next()
            return
        field = self.query_one(Field)
        for completion in self._completions(field.value)[:1]:
            field.value = completion.text
            field.cursor_position = len(completion.text)

    def on_input_changed(self, event: "Input.Changed") -> None:
        """Pass on the text; show its completions."""
        event.stop()
        self.remove_class("-wrong")
        self._offer(event.value)
        if self.typed:
            self.typed.edited(event.value)

    def on_input_submitted(self, event: "Input.Submitted") -> None:
        """Pass on that enter was pressed."""
        event.stop()
        if self.typed:
            self.typed.entered(event.value)

    def _completions(self, text: str) -> "Sequence[Completion]":
        return self._completer(text) if self._completer else ()

    def _offer(self, text: str) -> None:
        """Show the completions of the last term."""
        completions = self._completions(text)
        self.set_class(bool(completions), "-offering")
        terms = [one_line(completion.term, 30) for completion in completions[:OFFERED]]
        self.query_one("#offer", SteadyText).update(f"tab ⇥ {'  '.join(terms)}" if terms else "")
