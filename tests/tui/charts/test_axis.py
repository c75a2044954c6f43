"""The axis of a chart."""

from math import isfinite

import pytest

from mlops_tui.tui.charts.axis import axis, log_axis


@pytest.mark.parametrize(
    ("values", "ticks", "labels"),
    [
        ([0.0, 1.0], 4, ["0.0", "0.5", "1.0"]),
        ([0.5, 0.9168], 3, ["0.6", "0.8"]),
        ([0.0, 399.0], 5, ["0", "100", "200", "300"]),
        ([-1.0, 1.0], 4, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        ([1e-7, 9e-7], 4, ["2e-7", "4e-7", "6e-7", "8e-7"]),
        ([1e9, 3e9], 2, ["1e9", "2e9", "3e9"]),
    ],
)
def test_ticks_stand_at_round_numbers(values: list[float], ticks: int, labels: list[str]) -> None:
    assert list(axis(values, ticks).labels) == labels


def test_steps_are_whole_numbers() -> None:
    assert axis([0, 2], 8, whole=True).labels == ("0", "1", "2")


def test_numbers_that_differ_late_are_told_apart() -> None:
    labels = axis([1_000_000.001, 1_000_000.009], 4).labels
    assert len(labels) > 1
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("value", [0.0, 0.905, -3.0, 1e-310, 1.79e308, -1.79e308])
def test_a_constant_has_one_tick_in_the_middle(value: float) -> None:
    scale = axis([value, value], 4)
    assert scale.ticks == (value,)
    assert scale.low < value < scale.high or value == 1e-310
    assert 0 < scale.share(value) < 1
    assert isfinite(scale.low)
    assert isfinite(scale.high)


def test_the_widest_range_of_all_has_places() -> None:
    scale = axis([-1.7e308, 1.7e308], 4)
    assert [scale.share(value) for value in (-1.7e308, 0, 1.7e308)] == [0, 0.5, 1]
    assert all(map(isfinite, scale.ticks))


def test_the_narrowest_ranges_are_one_value() -> None:
    assert axis([5e-324, 1e-323], 4).labels
    assert len(axis([1.0, 1.0 + 2e-16], 4).ticks) == 1


@pytest.mark.parametrize(
    ("ends", "labels"),
    [
        ((0.001, 1000), ("0.001", "0.1", "10", "1000")),
        ((1, 10), ("1", "2", "5", "10")),
        ((2, 5), ("2", "5")),
        ((3, 4), ("3.0", "3.5", "4.0")),
        ((1e-9, 1e-8), ("1e-9", "2e-9", "5e-9", "1e-8")),
        ((7, 7), ("5", "10")),
    ],
)
def test_a_logarithmic_axis_has_ticks_at_round_numbers(
    ends: tuple[float, float], labels: tuple[str, ...]
) -> None:
    assert log_axis(ends, 4).labels == labels


def test_equal_factors_are_equally_long_on_a_logarithmic_axis() -> None:
    scale = log_axis([1, 100], 4)
    assert (scale.share(1), scale.share(10), scale.share(100)) == pytest.approx((0, 0.5, 1))


def test_what_is_far_outside_stays_finite() -> None:
    assert axis([0.0, 1e-200], 3).share(1e308) == 1e6
