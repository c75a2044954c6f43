"""What of a line is in view."""

import pytest

from mlops_tui.tui.charts.clipping import Point, clipped


@pytest.mark.parametrize(
    ("start", "end", "seen"),
    [
        ((0, 0), (1, 1), ((0, 0), (1, 1))),
        ((-1, 0.5), (2, 0.5), ((0, 0.5), (1, 0.5))),
        ((0.5, 3), (0.5, -1), ((0.5, 1), (0.5, 0))),
        ((-1, -1), (0.5, 0.5), ((0, 0), (0.5, 0.5))),
        ((0.25, 0.25), (0.25, 0.25), ((0.25, 0.25), (0.25, 0.25))),
        ((-2, 0), (-1, 1), None),
        ((0, 2), (1, 2), None),
        ((-1, 0.9), (0.2, 3), None),
        ((5, 5), (5, 5), None),
    ],
)
def test_a_line_is_cut_at_the_edges(
    start: Point, end: Point, seen: tuple[Point, Point] | None
) -> None:
    assert clipped(start, end) == seen
