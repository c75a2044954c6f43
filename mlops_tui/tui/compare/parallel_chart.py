"""Runs as lines through upright axes."""

from collections.abc import Sequence

from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from mlops_tui.tui.charts.braille import Run
from mlops_tui.tui.charts.parallel_axes import Upright, draw_parallel
from mlops_tui.tui.charts.run_look import ChartedRun
from mlops_tui.tui.kit.line_widget import LineWidget, strip_of


class ParallelChart(LineWidget, can_focus=True):
    """Parallel coordinates of what is shown last."""

    DEFAULT_CSS = "ParallelChart { height: 1fr; }"

    _axes: tuple[Upright, ...] = ()
    _runs: tuple[ChartedRun, ...] = ()
    _lines: tuple[Size, list[list[Run]]] | None = None

    def show(self, axes: Sequence[Upright], runs: Sequence[ChartedRun]) -> None:
        """Draw other axes or runs."""
        self._axes, self._runs, self._lines = tuple(axes), tuple(runs), None
        self.repaint()

    def draw(self, y: int) -> Strip:
        """Return one line; Textual may ask before it tells the new size."""
        if self._lines is None or self._lines[0] != self.size:
            self._lines = self.size, draw_parallel(self._axes, self._runs, *self.size)
        lines, base = self._lines[1], self.style_of()
        runs = lines[y] if y < len(lines) else []
        pieces = [(text, base + Style.parse(style)) for text, style in runs]
        return strip_of(pieces, self.size.width, base)
