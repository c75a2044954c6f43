"""Parallel coordinates: an upright axis per param or metric, a line per run."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.style import Style
from textual.geometry import Size
from textual.strip import Strip

from mlops_tui.domain.compare.comparison import Trait, trait_label
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.charts.braille import ACROSS, DOWN, Canvas, Span
from mlops_tui.tui.charts.run_style import RunStyle
from mlops_tui.tui.kit.column_layout import fit
from mlops_tui.tui.kit.formatting import number, plain
from mlops_tui.tui.kit.line_widget import LineWidget, strip_of

LEAST_WIDTH = 12
"""Cells from one axis to the next."""

LABELS = 3
"""Lines of the names, of the upper ends, of the lower ends."""


@dataclass(frozen=True, slots=True)
class Upright:
    """One axis: its name, its ends, where each run lies from 0 to 1, None without a value."""

    name: str
    low: str
    high: str
    shares: tuple[float | None, ...]


class ParallelChart(LineWidget, can_focus=True):
    """Draws the axes with the runs.

    It takes the focus though it has no keys: a tab without focus loses it to the first tab.
    """

    DEFAULT_CSS = "ParallelChart { height: 1fr; }"

    _axes: tuple[Upright, ...] = ()
    _runs: tuple[RunStyle, ...] = ()
    _lines: tuple[Size, list[list[Span]]] | None = None

    def show(self, axes: Sequence[Upright], runs: Sequence[RunStyle]) -> None:
        """Draw other axes or runs."""
        self._axes, self._runs, self._lines = tuple(axes), tuple(runs), None
        self.repaint()

    def draw(self, y: int) -> Strip:
        """Return one line; Textual may ask before it tells the new size."""
        if self._lines is None or self._lines[0] != self.size:
            self._lines = self.size, draw_parallel(self._axes, self._runs, *self.size)
        lines, base = self._lines[1], self.style_of()
        spans = lines[y] if y < len(lines) else []
        pieces = [(text, base + Style.parse(style)) for text, style in spans]
        return strip_of(pieces, self.size.width, base)


def upright(trait: Trait, runs: Sequence[Run]) -> Upright:
    """Return the axis of a trait: numbers in order of size, words in order of name."""
    values = [trait.of(run) for run in runs]
    numbers = [trait.number(run) for run in runs]
    drawable = [value for value in numbers if value is not None]
    name = plain(trait_label(trait, runs)).plain
    if drawable and len(drawable) == sum(value is not None for value in values):
        low, high = min(drawable), max(drawable)
        shares = tuple(None if n is None else _share(n, low, high) for n in numbers)
        return Upright(name, number(low), number(high), shares)
    words = sorted({str(value) for value in values if value is not None})
    positions = {word: _share(index, 0, len(words) - 1) for index, word in enumerate(words)}
    ends = (words[0], words[-1]) if words else ("", "")
    return Upright(
        name, *ends, tuple(None if value is None else positions[str(value)] for value in values)
    )


def draw_parallel(
    axes: Sequence[Upright], runs: Sequence[RunStyle], width: int, height: int
) -> list[list[Span]]:
    """Return the lines of a chart, with as many axes as fit."""
    shown = axes[: max(2, width // LEAST_WIDTH)]
    if len(shown) < 2 or height < LABELS + 2:  # noqa: PLR2004 - a line has two ends
        return [[("There is no room, or nothing that differs, to draw.", "dim")]]
    column = width // len(shown)
    canvas = Canvas(width, height - LABELS)
    tall = canvas.height * DOWN - 1
    xs = [(column * index + column // 2) * ACROSS for index in range(len(shown))]
    for index, run in enumerate(runs):
        points = [
            None if share is None else (x, tall - round(share * tall))
            for x, share in zip(xs, (axis.shares[index] for axis in shown), strict=True)
        ]
        for start, end in pairwise(points):
            if start and end:
                canvas.stroke(start, end, run.colour)
        for point in filter(None, points):
            canvas.put(point, run.mark, run.colour)
    posts = {(x // ACROSS, y): ("│", "dim") for x in xs for y in range(canvas.height)}
    rows = canvas.rows({cell: post for cell, post in posts.items() if canvas.is_blank(cell)})
    return [
        _labels([axis.name for axis in shown], column, "bold"),
        _labels([axis.high for axis in shown], column, "dim"),
        *rows,
        _labels([axis.low for axis in shown], column, "dim"),
    ]


def _share(value: float, low: float, high: float) -> float:
    half_span = high / 2 - low / 2  # Halves keep the span finite.
    return (value / 2 - low / 2) / half_span if half_span else 0.5


def _labels(texts: Sequence[str], column: int, style: str) -> list[Span]:
    return [("".join(_centred(text, column) for text in texts), style)]


def _centred(text: str, column: int) -> str:
    shown = fit(text, column - 1).rstrip()
    return fit(" " * ((column - len(shown)) // 2) + shown, column)
