"""Parallel coordinates: an upright axis per trait, a line per run."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mlops_tui.domain.compare.comparison import Trait, trait_label
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.charts.braille import ACROSS, DOWN, Canvas
from mlops_tui.tui.charts.braille import Run as Piece
from mlops_tui.tui.charts.run_look import ChartedRun
from mlops_tui.tui.kit.column_layout import fit
from mlops_tui.tui.kit.formatting import number, plain

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


def upright(trait: Trait, runs: Sequence[Run]) -> Upright:
    """Return the axis of a trait: numbers by size, words by name."""
    values = [trait.of(run) for run in runs]
    numbers = [trait.number(run) for run in runs]
    known = [value for value in numbers if value is not None]
    name = plain(trait_label(trait, runs)).plain
    if len(known) == sum(value is not None for value in values) and known:
        low, high = min(known), max(known)
        shares = tuple(None if n is None else _share(n, low, high) for n in numbers)
        return Upright(name, number(low), number(high), shares)
    words = sorted({str(value) for value in values if value is not None})
    places = {word: _share(place, 0, len(words) - 1) for place, word in enumerate(words)}
    ends = (words[0], words[-1]) if words else ("", "")
    return Upright(
        name, *ends, tuple(None if value is None else places[str(value)] for value in values)
    )


def draw_parallel(
    axes: Sequence[Upright], runs: Sequence[ChartedRun], width: int, height: int
) -> list[list[Piece]]:
    """Return as many axes as there is room for, with the lines between them; the rest is named."""
    shown = axes[: max(2, width // LEAST_WIDTH)]
    if len(shown) < 2 or height < LABELS + 2:  # noqa: PLR2004 - a line has two ends
        return [[("There is no room, or nothing that differs, to draw.", "dim")]]
    column = width // len(shown)
    canvas = Canvas(width, height - LABELS)
    tall = canvas.height * DOWN - 1
    places = [(column * place + column // 2) * ACROSS for place in range(len(shown))]
    for index, run in enumerate(runs):
        points = [
            None if share is None else (x, tall - round(share * tall))
            for x, share in zip(places, (axis.shares[index] for axis in shown), strict=True)
        ]
        for start, end in pairwise(points):
            if start and end:
                canvas.stroke(start, end, run.style)
        for point in filter(None, points):
            canvas.put(point, run.mark, run.style)
    posts = {(x // ACROSS, y): ("│", "dim") for x in places for y in range(canvas.height)}
    rows = canvas.rows({cell: look for cell, look in posts.items() if canvas.is_blank(cell)})
    return [
        _labels([axis.name for axis in shown], column, "bold"),
        _labels([axis.high for axis in shown], column, "dim"),
        *rows,
        _labels([axis.low for axis in shown], column, "dim"),
    ]


def _share(value: float, low: float, high: float) -> float:
    half_span = high / 2 - low / 2  # Halves keep the span finite.
    return (value / 2 - low / 2) / half_span if half_span else 0.5


def _labels(texts: Sequence[str], column: int, style: str) -> list[Piece]:
    return [("".join(_centred(text, column) for text in texts), style)]


def _centred(text: str, column: int) -> str:
    shown = fit(text, column - 1).rstrip()
    return fit(" " * ((column - len(shown)) // 2) + shown, column)
