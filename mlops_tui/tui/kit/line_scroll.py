"""A scrollable list of lines that draws only those in view."""

from typing import Unpack

from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.widget import Widget

from mlops_tui.tui.kit.line_widget import LineWidget, WidgetPlace

THUMB = "▐"
"""The handle of the scroll bar, drawn in the last column."""


class LineScroll(LineWidget, ScrollView):
    """Scrolls over ``line_count`` lines below ``HEADER`` fixed ones.

    The scroll bar is one character in the lines themselves: Textual's own repaints its whole
    height at each step, a third of what a step costs.
    """

    DEFAULT_CSS = """
    LineScroll {
        height: 1fr;
        overflow: hidden;
    }
    """
    HEADER = 0

    def __init__(self, **place: Unpack[WidgetPlace]) -> None:
        super().__init__(**place)
        self._line_count = 0

    @property
    def allow_vertical_scroll(self) -> bool:
        """Allow the mouse wheel, though Textual's scroll bar is hidden."""
        return not self.disabled

    @property
    def page(self) -> int:
        """How many lines are in view."""
        return max(1, self.size.height - self.HEADER)

    @property
    def top(self) -> int:
        """The first line in view."""
        return self.scroll_offset.y

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return self._line_count

    def set_line_count(self, count: int) -> None:
        """Set the number of lines; update the layout only if the height depends on it."""
        changed, self._line_count = count != self._line_count, count
        self.set_reactive(Widget.virtual_size, Size(self.size.width, count + self.HEADER))
        height = self.styles.height
        if changed and height is not None and height.is_auto:
            self.refresh(layout=True)

    def show_from(self, line: int) -> None:
        """Scroll so that ``line`` is the first in view, if there are enough lines."""
        self.scroll_target_y = self.scroll_y = float(line)

    def watch_scroll_y(self, _before: float, _now: float) -> None:
        """Draw the lines now in view."""
        self.repaint()

    def has_thumb(self, y: int) -> bool:
        """Return whether the scroll bar's handle stands on line ``y`` of the widget."""
        page = self.page
        hidden = self.line_count - page
        if hidden <= 0:
            return False
        length = max(1, page * page // self.line_count)
        start = self.HEADER + round(self.top * (page - length) / hidden)
        return start <= y < start + length
