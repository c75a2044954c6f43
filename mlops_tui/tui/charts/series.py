"""A curve of a plot."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mlops_tui.domain.metrics.metric_value import is_drawable

MARKS = "●▲■◆▼○△□◇▽"
"""A mark for each series, so that colour is not all that tells them apart."""

BEST = "★"

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """One curve; values that are NaN or infinite are gaps in it.

    A backdrop is drawn behind the others, without a mark. ``best`` is the index of a point.
    """

    name: str
    xs: Sequence[float]
    ys: Sequence[float]
    style: str = ""
    mark: str = ""
    is_backdrop: bool = False
    best: int | None = None


def pieces(series: Series, *, is_log: bool = False) -> Iterator[list[Point]]:
    """Yield the points between gaps; along a logarithmic axis, values up to 0 are gaps too."""
    piece: list[Point] = []
    for x, y in zip(series.xs, series.ys, strict=False):
        if is_drawable(x) and is_drawable(y) and (y > 0 or not is_log):
            piece.append((float(x), float(y)))
        elif piece:
            yield piece
            piece = []
    if piece:
        yield piece
