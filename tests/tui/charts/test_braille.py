"""Lines of braille dots."""

from itertools import pairwise

import pytest

from mlops_tui.tui.charts.braille import Canvas, columns, line


@pytest.mark.parametrize("end", [(5, 2), (-5, 2), (2, -5), (0, 0), (0, 4), (-3, -3)])
def test_a_line_touches_without_a_hole(end: tuple[int, int]) -> None:
    dots = list(line((0, 0), end))
    assert (dots[0], dots[-1]) == ((0, 0), end)
    assert len(dots) == max(map(abs, end)) + 1


@pytest.mark.parametrize("end", [(1, 9), (0, 5), (3, 20), (-2, 9), (2, -9), (-3, -20)])
def test_a_steep_line_touches_without_a_hole(end: tuple[int, int]) -> None:
    spans = list(columns((0, 0), end))
    assert [x for x, _, _ in spans] == list(range(min(0, end[0]), max(0, end[0]) + 1))
    assert {y for _, top, bottom in spans for y in (top, bottom)} >= {0, end[1]}
    for (_, top, bottom), (_, after_top, after_bottom) in pairwise(spans):
        assert max(top, after_top) <= min(bottom, after_bottom) + 1


def test_a_steep_line_changes_columns_halfway() -> None:
    assert list(columns((0, 0), (2, 8))) == [(0, 0, 2), (1, 2, 6), (2, 6, 8)]


def test_an_upright_line_fills_its_column_of_dots() -> None:
    canvas = Canvas(1, 3)
    canvas.stroke((1, 10), (1, 1), "")
    assert "".join(text for row in canvas.rows({}) for text, _ in row) == "⢰⢸⠸"
