"""The lines of a preview."""

from typing import Unpack

from rich.cells import cell_len
from textual.strip import Strip

from mlops_tui.tui.artifacts.artifact_keys import PREVIEW
from mlops_tui.tui.artifacts.preview_layouts import Layout, Lines
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.line_scroll import THUMB, LineScroll
from mlops_tui.tui.kit.line_widget import WidgetPlace, strip_of

SIDEWAYS = 8
"""Cells that a key scrolls sideways."""


def _nothing(_width: int) -> Lines:
    return []


class PreviewLines(LineScroll, can_focus=True, inherit_bindings=False):
    """Lines laid out for the width, of which only those in view are drawn."""

    BINDINGS = [*bindings(PREVIEW)]

    def __init__(self, **place: Unpack[WidgetPlace]) -> None:
        super().__init__(**place)
        self._layout: Layout = _nothing
        self._laid_out: Lines = []
        self._shift = 0
        """The cells at the left that are not in view."""

    def show(self, layout: Layout = _nothing) -> None:
        """Show something else, from its beginning; without a layout nothing."""
        self._layout, self._shift = layout, 0
        self._lay_out()
        self.show_from(0)

    def resized(self) -> None:
        """Lay out anew."""
        self._lay_out()

    def draw(self, y: int) -> Strip:
        """Return a line in view."""
        width, base = self.size.width, self.style_of()
        index = self.top + y
        line = self._laid_out[index] if index < len(self._laid_out) else []
        pieces = [(part, base + style) for part, style in line]
        room = width - 1
        text = strip_of(pieces, self._shift + room, base).crop(self._shift)
        if sum(cell_len(part) for part, _ in pieces) > self._shift + room > 0:
            more = strip_of([(">", base)], 1, base)
            text = Strip.join([text.adjust_cell_length(room - 1), more])
        thumb = strip_of([(THUMB if self.has_thumb(y) else " ", base)], 1, base)
        return Strip.join([text, thumb])

    def action_scroll_up(self) -> None:
        """Go one line up."""
        self.show_from(self.top - 1)

    def action_scroll_down(self) -> None:
        """Go one line down."""
        self.show_from(self.top + 1)

    def action_scroll_left(self) -> None:
        """Bring what is at the left into view."""
        self._shift = max(0, self._shift - SIDEWAYS)
        self.repaint()

    def action_scroll_right(self) -> None:
        """Bring what is at the right into view, where a line goes on there."""
        widest = max(
            (sum(cell_len(part) for part, _ in each) for each in self._laid_out), default=0
        )
        self._shift = max(0, min(self._shift + SIDEWAYS, widest - self.size.width + 1))
        self.repaint()

    def action_page_up(self) -> None:
        """Go one page up."""
        self.show_from(self.top - self.page)

    def action_page_down(self) -> None:
        """Go one page down."""
        self.show_from(self.top + self.page)

    def action_scroll_home(self) -> None:
        """Go to the first line."""
        self.show_from(0)

    def action_scroll_end(self) -> None:
        """Go to the last line."""
        self.show_from(self.line_count)

    def _lay_out(self) -> None:
        width = self.size.width - 1
        self._laid_out = self._layout(width) if width > 0 else []
        self.set_line_count(len(self._laid_out))
        self.show_from(self.top)
        self.repaint()
