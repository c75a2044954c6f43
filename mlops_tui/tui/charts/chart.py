"""A chart of curves."""

from collections.abc import Sequence
from typing import Unpack

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from mlops_tui.domain.metrics.metric import gaps
from mlops_tui.domain.metrics.metric_value import is_drawable
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.charts.braille import Span
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.charts.plot import Picture, draw
from mlops_tui.tui.charts.series import MARKS, Series
from mlops_tui.tui.kit.column_layout import fit
from mlops_tui.tui.kit.formatting import number
from mlops_tui.tui.kit.line_widget import LineWidget, WidgetPlace, strip_of

__all__ = ["Chart", "Series"]

STEPS = Frame("step")


class Chart(LineWidget):
    """Curves with axes below a line that names them."""

    DEFAULT_CSS = "Chart { height: 1fr; }"

    def __init__(self, title: str = "", **place: Unpack[WidgetPlace]) -> None:
        super().__init__(**place)
        self._title: Span = (one_line(title), "bold")
        self._series: tuple[Series, ...] = ()
        self._frame = STEPS
        self._message = ""
        self._readout: tuple[Span, ...] = ()
        self._note = ""
        self._cursor: float | None = None
        self._picture: Picture | None = None
        self._lines: list[list[Span]] | None = None
        self._drawn_for = Size()

    def set_title(self, title: str, *, is_chosen: bool = False) -> None:
        """Set the title; that of the chosen one of several charts is reversed."""
        span = (f"▸{one_line(title)}", "bold reverse") if is_chosen else (one_line(title), "bold")
        if span != self._title:
            self._title = span
            self._redraw()

    def plot(
        self,
        series: Sequence[Series],
        frame: Frame = STEPS,
        *,
        note: str = "",
        readout: Sequence[Span] = (),
        cursor: float | None = None,
    ) -> None:
        """Draw curves; the heading has the readout, by default their names, then the note."""
        curves, heading = (tuple(series), frame, ""), (tuple(readout), note, cursor)
        if curves != (self._series, self._frame, self._message):
            self._series, self._frame, self._message = curves
            self._picture = None
        elif heading == (self._readout, self._note, self._cursor):
            return
        self._readout, self._note, self._cursor = heading
        self._redraw()

    def say(self, text: str) -> None:
        """Show a text instead of curves."""
        self._series, self._message = (), one_line(text)
        self._readout, self._note, self._picture = (), "", None
        self._redraw()

    def draw(self, y: int) -> Strip:
        """Return a line of the chart; Textual may ask before it tells the new size."""
        if self.size != self._drawn_for:
            self._drawn_for, self._lines, self._picture = self.size, None, None
        if self._lines is None:
            self._lines = self._draw_lines()
        base, width = self.style_of(), self.size.width
        spans = self._lines[y] if y < len(self._lines) else []
        return strip_of([(text, base + Style.parse(style)) for text, style in spans], width, base)

    def _redraw(self) -> None:
        self._lines = None
        self.repaint()

    def _draw_lines(self) -> list[list[Span]]:
        width, height = self.size
        if self._picture is None:
            self._picture = draw(self._series, width, height - 1, self._frame)
        if self._picture is not None:
            return [self._heading(width), *self._picture.lines(self._cursor)]
        message: list[Span] = [(fit(self._message or "Nothing to draw.", width), "dim")]
        return [self._heading(width), *([message] if height > 1 else [])]

    def _heading(self, width: int) -> list[Span]:
        """Return the line of the title, cut to the width."""
        spans: list[Span] = [self._title, *(self._readout or self._names())]
        count = sum(gaps(each.ys) for each in self._series if not each.is_backdrop)
        notes = [f"{count} gap{'s' if count > 1 else ''}"] if count else []
        spans += [(f"  {note}", "dim") for note in (*notes, self._note) if note]
        cut: list[Span] = []
        for text, style in spans:
            left = width - sum(cell_len(shown) for shown, _ in cut)
            cut += [(fit(text, min(left, cell_len(text))), style)] if left > 0 else []
        return cut

    def _names(self) -> list[Span]:
        if len(self._series) != 1:
            return [
                (f"  {MARKS[index % len(MARKS)]} {one_line(each.name)} {_last(each)}", each.style)
                for index, each in enumerate(self._series)
            ]
        drawable = [y for y in self._series[0].ys if is_drawable(y)]
        if not drawable:
            return []
        extremes = f"  min {number(min(drawable))}  max {number(max(drawable))}"
        return [(f"  {_last(self._series[0])}", self._series[0].style), (extremes, "")]


def _last(series: Series) -> str:
    return number(series.ys[-1]) if series.ys else ""
