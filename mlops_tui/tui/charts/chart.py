"""The one chart of every curve."""

from collections.abc import Sequence
from typing import Unpack

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from mlops_tui.domain.metrics.metric import gaps
from mlops_tui.domain.metrics.metric_value import is_drawable
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.charts.braille import Run
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
        self._title: Run = (one_line(title), "bold")
        self._series: tuple[Series, ...] = ()
        self._frame = STEPS
        self._said = ""
        self._reading: tuple[Run, ...] = ()
        self._note = ""
        self._cursor: float | None = None
        self._picture: Picture | None = None
        self._lines: list[list[Run]] | None = None
        self._drawn_for = Size()

    def entitle(self, title: str, *, is_chosen: bool = False) -> None:
        """Set the title; that of the chosen one of several charts stands out."""
        named = (f"▸{one_line(title)}", "bold reverse") if is_chosen else (one_line(title), "bold")
        if named != self._title:
            self._title = named
            self._draw_anew()

    def plot(
        self,
        series: Sequence[Series],
        frame: Frame = STEPS,
        *,
        note: str = "",
        reading: Sequence[Run] = (),
        cursor: float | None = None,
    ) -> None:
        """Draw these curves; the heading says the reading, else their names, then the note."""
        plotted, said = (tuple(series), frame, ""), (tuple(reading), note, cursor)
        if plotted != (self._series, self._frame, self._said):
            self._series, self._frame, self._said = plotted
            self._picture = None
        elif said == (self._reading, self._note, self._cursor):
            return
        self._reading, self._note, self._cursor = said
        self._draw_anew()

    def say(self, text: str) -> None:
        """Show a text instead of curves."""
        self._series, self._said = (), one_line(text)
        self._reading, self._note, self._picture = (), "", None
        self._draw_anew()

    def draw(self, y: int) -> Strip:
        """Return a line of the chart; Textual may ask before it tells the new size."""
        if self.size != self._drawn_for:
            self._drawn_for, self._lines, self._picture = self.size, None, None
        if self._lines is None:
            self._lines = self._draw_lines()
        base, width = self.style_of(), self.size.width
        runs = self._lines[y] if y < len(self._lines) else []
        return strip_of([(text, base + Style.parse(style)) for text, style in runs], width, base)

    def _draw_anew(self) -> None:
        self._lines = None
        self.repaint()

    def _draw_lines(self) -> list[list[Run]]:
        width, height = self.size
        if self._picture is None:
            self._picture = draw(self._series, width, height - 1, self._frame)
        if self._picture is not None:
            return [self._heading(width), *self._picture.lines(self._cursor)]
        said: list[Run] = [(fit(self._said or "Nothing to draw.", width), "dim")]
        return [self._heading(width), *([said] if height > 1 else [])]

    def _heading(self, width: int) -> list[Run]:
        """Return the line of the title; what does not fit is cut."""
        runs: list[Run] = [self._title, *(self._reading or self._names())]
        lost = sum(gaps(each.ys) for each in self._series if not each.is_backdrop)
        notes = [f"{lost} gap{'s' if lost > 1 else ''}"] if lost else []
        runs += [(f"  {note}", "dim") for note in (*notes, self._note) if note]
        cut: list[Run] = []
        for text, style in runs:
            room = width - sum(cell_len(shown) for shown, _ in cut)
            cut += [(fit(text, min(room, cell_len(text))), style)] if room > 0 else []
        return cut

    def _names(self) -> list[Run]:
        if len(self._series) != 1:
            return [
                (f"  {MARKS[place % len(MARKS)]} {one_line(each.name)} {_last(each)}", each.style)
                for place, each in enumerate(self._series)
            ]
        known = [y for y in self._series[0].ys if is_drawable(y)]
        if not known:
            return []
        extremes = f"  min {number(min(known))}  max {number(max(known))}"
        return [(f"  {_last(self._series[0])}", self._series[0].style), (extremes, "")]


def _last(series: Series) -> str:
    return number(series.ys[-1]) if series.ys else ""
