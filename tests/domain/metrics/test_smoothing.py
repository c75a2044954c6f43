"""A noisy curve made smooth."""

from math import inf, isnan, nan

import pytest

from mlops_tui.domain.metrics.smoothing import STRENGTHS, smoothed, stronger


def test_no_strength_changes_nothing() -> None:
    assert smoothed([3.0, 1.0, 2.0], 0.0) == (3.0, 1.0, 2.0)


@pytest.mark.parametrize("strength", STRENGTHS)
def test_a_constant_stays_what_it_is_from_its_first_point(strength: float) -> None:
    assert smoothed([5.0] * 4, strength) == pytest.approx((5.0,) * 4)


def test_the_average_is_weighed_without_a_bias_towards_zero() -> None:
    # The weights of the third: a quarter, a half, one.
    assert smoothed([1.0, 3.0, 2.0], 0.5) == pytest.approx((1.0, 3.5 / 1.5, 3.75 / 1.75))


def test_gaps_stay_where_they_are_and_the_average_goes_on() -> None:
    found = smoothed([1.0, nan, inf, 3.0], 0.5)
    assert isnan(found[1])
    assert found[2] == inf
    assert found[0] == 1.0
    assert found[3] == pytest.approx(3.5 / 1.5)


def test_strengths_are_stepped_through_to_their_ends() -> None:
    assert stronger(0.0, 1) == STRENGTHS[1]
    assert stronger(0.0, -1) == 0.0
    assert stronger(STRENGTHS[-1], 1) == STRENGTHS[-1]
