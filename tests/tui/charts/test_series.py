"""A curve of a plot."""

from math import nan

from mlops_tui.tui.charts.series import Series, pieces


def test_values_that_cannot_be_drawn_are_gaps() -> None:
    series = Series("a", [0, 1, 2, 3, 4], [1.0, 2.0, nan, 3.0, 4.0])
    assert list(pieces(series)) == [[(0, 1), (1, 2)], [(3, 3), (4, 4)]]


def test_a_logarithm_has_gaps_at_or_below_zero() -> None:
    series = Series("a", range(4), [1.0, 0.0, -1.0, 2.0])
    assert list(pieces(series, is_log=True)) == [[(0, 1)], [(3, 2)]]


def test_the_stores_own_infinity_is_a_gap_too() -> None:
    series = Series("a", [0, 1, 2], [1.0, 1.7976931348623157e308, 2.0])
    assert list(pieces(series)) == [[(0, 1)], [(2, 2)]]


def test_unequal_columns_are_drawn_as_far_as_both_go() -> None:
    assert list(pieces(Series("a", [0, 1, 2], [5.0, 6.0]))) == [[(0, 5), (1, 6)]]
