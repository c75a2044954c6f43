"""A dialog that asks yes or no."""

from collections.abc import Iterable, Sequence

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.dialog import Dialog

MOST_NAMED = 6
"""The most names listed; the rest is counted."""


def which_lines(names: Sequence[str]) -> str:
    """Return the names, one a line; the last line counts those left out."""
    named = names if len(names) <= MOST_NAMED else names[: MOST_NAMED - 1]
    lines = [f"  {one_line(name, 90)}" for name in named]
    if len(names) > len(named):
        lines.append(f"  and {len(names) - len(named)} more")
    return "\n".join(lines)


class ConfirmDialog(Dialog[bool]):
    """Asks whether to do something; enter says yes, escape no."""

    BINDINGS = [Binding("enter", "confirm", "Yes")]

    def __init__(
        self, title: str, sentence: str, equivalent: str = "", which: Sequence[str] = ()
    ) -> None:
        super().__init__(title)
        self._which = which
        self._sentence = sentence
        self._equivalent = equivalent

    def compose_body(self) -> Iterable[Widget]:
        """Show which things, with the sentence."""
        if self._which:
            yield Static(which_lines(self._which), markup=False)
        yield Static(one_line(self._sentence, 800), markup=False)

    def equivalent(self) -> str:
        """Return what was given as such."""
        return self._equivalent

    def has_equivalent(self) -> bool:
        """Return whether one was given."""
        return bool(self._equivalent)

    def why_unavailable(self, action: str) -> str:
        """Say how to answer: ``y`` copies the equivalent and does not mean yes."""
        return "Enter says yes, esc no." if action == "copy" else super().why_unavailable(action)

    def action_confirm(self) -> None:
        """Say yes."""
        self.dismiss(result=True)
