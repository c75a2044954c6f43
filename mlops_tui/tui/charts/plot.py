"""Curves in a frame of axes."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mlops_tui.domain.metrics.curve import nearest
from mlops_tui.domain.metrics.limits import holds
from mlops_tui.domain.metrics.metric_value import is_drawable
from mlops_tui.tui.charts.axis import Axis
from mlops_tui.tui.charts.braille import ACROSS, DOWN, Canvas, Dot, Span
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.charts.series import BEST, MARKS, Point, Series, pieces

LEAST_WIDTH, LEAST_HEIGHT = 12, 4
"""Cells below which there is no room for axes beside the curve."""

ROWS_PER_TICK, COLUMNS_PER_TICK = 2, 10


@dataclass(frozen=True, slots=True)
class Plane:
    """Maps points to the dots between the axes."""

    x_axis: Axis
    y_axis: Axis
    canvas: Canvas

    def dot(self, at: Point) -> Dot:
        """Return the dot at shares of the axes; that of the y axis counts from below."""
        width, height = self.canvas.width * ACROSS, self.canvas.height * DOWN
        return round(at[0] * (width - 1)), height - 1 - round(at[1] * (height - 1))

    def shares(self, piece: Sequence[Point]) -> list[Point]:
        """Return the shares of the axes at which the points lie."""
        return [(self.x_axis.share(x), self.y_axis.share(y)) for x, y in piece]

    def dot_in_view(self, x: float, y: float) -> Dot | None:
        """Return the dot of a point, None when it is out of view."""
        ends = (self.x_axis.low, self.x_axis.high), (self.y_axis.low, self.y_axis.high)
        if not (is_drawable(y) and holds(ends[0], x) and holds(ends[1], y)):
            return None
        return self.dot(self.shares([(x, y)])[0])


@dataclass(frozen=True, slots=True)
class Picture:
    """Drawn curves, over which a cursor can be drawn."""

    plane: Plane
    series: tuple[Series, ...]
    before: tuple[str, ...]
    """The y axis at the left of each line; empty where there is no room for axes."""
    below: tuple[str, ...]

    def lines(self, cursor: float | None = None) -> list[list[Span]]:
        """Return the lines; with a cursor, the points nearest to it are marked."""
        rows = self.plane.canvas.rows({} if cursor is None else self._over(cursor))
        if self.before:
            rows = [[(text, ""), *row] for text, row in zip(self.before, rows, strict=True)]
        return rows + [[(text, "")] for text in self.below]

    def _over(self, cursor: float) -> dict[Dot, Span]:
        """Return the cells that show the cursor and the points nearest to it."""
        canvas, at = self.plane.canvas, self.plane.x_axis.share(cursor)
        if not 0 <= at <= 1:
            return {}
        column = self.plane.dot((at, 0))[0] // ACROSS
        cells = {(column, y): ("┊", "dim") for y in range(canvas.height)}
        over = {cell: span for cell, span in cells.items() if canvas.is_blank(cell)}
        for each in self.series:
            index = None if each.is_backdrop else nearest(each.xs, cursor)
            dot = None if index is None else self.plane.dot_in_view(each.xs[index], each.ys[index])
            if dot:
                mark = (each.mark or MARKS[0], f"bold {each.style}")
                over[dot[0] // ACROSS, dot[1] // DOWN] = mark
        return over


def draw(
    series: Sequence[Series], width: int, height: int, frame: Frame | None = None
) -> Picture | None:
    """Draw the curves on ``width`` times ``height`` cells, with axes where there is room.

    There is no picture without a point.
    """
    frame = frame or Frame()
    parts = [(each, list(pieces(each, is_log=frame.is_log))) for each in series]
    points = [point for _, lines in parts for piece in lines for point in piece]
    if not points or width < 1 or height < 1:
        return None
    x_axis, y_axis = frame.axes(points, width // COLUMNS_PER_TICK, height // ROWS_PER_TICK)
    margin = max(map(len, y_axis.labels), default=0) + 1
    has_axes = width - margin >= LEAST_WIDTH and height >= LEAST_HEIGHT
    canvas = Canvas(width - margin, height - 2) if has_axes else Canvas(width, height)
    plane = Plane(x_axis, y_axis, canvas)
    _draw_curves(plane, [(each, [plane.shares(piece) for piece in lines]) for each, lines in parts])
    if not has_axes:
        return Picture(plane, tuple(series), (), ())
    ticks = {
        plane.dot((0, y_axis.share(tick)))[1] // DOWN: label
        for tick, label in zip(y_axis.ticks, y_axis.labels, strict=True)
    }
    before = tuple(
        f"{ticks.get(y, ''):>{margin - 1}}{'┤' if y in ticks else '│'}"
        for y in range(canvas.height)
    )
    return Picture(plane, tuple(series), before, _below(plane, margin, frame.x_label))


def _draw_curves(plane: Plane, curves: Sequence[tuple[Series, list[list[Point]]]]) -> None:
    for each, laid in sorted(curves, key=lambda curve: not curve[0].is_backdrop):
        for piece in laid:
            _draw_piece(plane, piece, each)
    named = [curve for curve in curves if not curve[0].is_backdrop]
    for number, (each, laid) in enumerate(named):
        shift = None if len(named) == 1 else number / len(named)
        for piece in laid:
            inside = [at for at in piece if min(at) >= 0 and max(at) <= 1]
            for at in inside if len(piece) == 1 else _marked(inside, shift):
                plane.canvas.put(plane.dot(at), each.mark or MARKS[number % len(MARKS)], each.style)
    for each, _ in curves:
        dot = (
            None if each.best is None else plane.dot_in_view(each.xs[each.best], each.ys[each.best])
        )
        if dot:
            plane.canvas.put(dot, BEST, f"bold {each.style.removeprefix('dim ')}")


def _draw_piece(plane: Plane, piece: Sequence[Point], each: Series) -> None:
    layer = 0 if each.is_backdrop else 1
    for start, end in pairwise(piece):
        seen = clipped(start, end)
        if seen:
            plane.canvas.stroke(plane.dot(seen[0]), plane.dot(seen[1]), each.style, layer)


def clipped(start: Point, end: Point) -> tuple[Point, Point] | None:
    """Return the part of a line in the square from 0 to 1 (Liang-Barsky), None outside."""
    (x, y), across, up = start, end[0] - start[0], end[1] - start[1]
    first, last = 0.0, 1.0
    for delta, distance in ((-across, x), (across, 1 - x), (-up, y), (up, 1 - y)):
        if delta == 0:
            if distance < 0:
                return None
        elif delta < 0:
            first = max(first, distance / delta)
        else:
            last = min(last, distance / delta)
    if first > last:
        return None
    return (x + first * across, y + first * up), (x + last * across, y + last * up)


def _marked(points: list[Point], shift: float | None) -> list[Point]:
    """Return the points to mark: none on a single curve, else apart from those of other curves."""
    if shift is None or not points:
        return []
    return [points[int(len(points) * (part + shift) / 4)] for part in range(4)]


def _below(plane: Plane, margin: int, x_label: str) -> tuple[str, str]:
    """Return the line of the axis with its ticks, then the one with their labels."""
    scale, width = plane.x_axis, plane.canvas.width
    rule, texts = ["─"] * width, [" "] * width
    free, end = 0, width - len(x_label) - 1 if x_label else width
    for tick, label in zip(scale.ticks, scale.labels, strict=True):
        cell = plane.dot((scale.share(tick), 0))[0] // ACROSS
        rule[cell] = "┬"
        start = min(max(0, cell - len(label) // 2), width - len(label))
        if free <= start and start + len(label) <= end:
            texts[start : start + len(label)] = label
            free = start + len(label) + 1
    if x_label and free <= end:
        texts[width - len(x_label) :] = x_label
    blank = " " * (margin - 1)
    return f"{blank}└{''.join(rule)}", f"{blank} {''.join(texts)}"
