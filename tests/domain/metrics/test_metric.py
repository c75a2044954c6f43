"""The history of a metric."""

from math import inf, isnan, nan

import pytest

from mlops_tui.domain.metrics.metric import MetricHistory, gaps, is_system, joined, reduce_min_max
from mlops_tui.domain.metrics.metric_value import INFINITY, is_drawable


def test_a_short_curve_stays_whole() -> None:
    assert reduce_min_max([3.0, nan, 1.0], 10) == [0, 1, 2]
    assert reduce_min_max([], 10) == []


@pytest.mark.parametrize("limit", [4, 5, 50, 51, 400])
def test_a_long_curve_keeps_ends_spike_and_dip_within_the_limit(limit: int) -> None:
    values = [float(number % 7) for number in range(10_000)]
    values[4321], values[8765] = 99.0, -99.0
    kept = reduce_min_max(values, limit)
    assert len(kept) <= limit
    assert kept == sorted(set(kept))
    assert {0, 9_999, 4321, 8765} <= set(kept)


def test_a_gap_stays_a_gap() -> None:
    values = [1.0] * 1000
    values[400:600] = [nan] * 200
    kept = reduce_min_max(values, 100)
    assert any(isnan(values[index]) for index in kept)
    assert not any(isnan(values[index]) for index in kept if index < 400)


def test_a_spike_into_infinity_is_kept() -> None:
    values = [1.0] * 1000
    values[500] = inf
    assert 500 in reduce_min_max(values, 20)


def test_what_cannot_be_drawn_is_counted() -> None:
    assert gaps([1.0, nan, inf, -inf, INFINITY, 1e300]) == 4
    assert is_drawable(0.0)


def test_a_history_knows_that_points_were_left_out() -> None:
    assert MetricHistory("r", "loss", (0,), (0,), (1.0,), total=2).is_reduced
    assert not MetricHistory("r", "loss", (0,), (0,), (1.0,), total=1).is_reduced


def history(steps: range, total: int = 0, *, exact: bool = True) -> MetricHistory:
    values = tuple(float(step) for step in steps)
    return MetricHistory("r", "m", tuple(steps), tuple(steps), values, total or len(steps), exact)


def test_what_is_new_is_joined_on_in_place_of_the_last_step() -> None:
    found = joined(history(range(5)), history(range(4, 8)), 400)
    assert found.steps == tuple(range(8))
    assert (found.total, found.total_is_exact) == (8, True)


def test_nothing_new_changes_nothing() -> None:
    known = history(range(5))
    assert joined(known, history(range(0)), 400) is known


def test_what_grows_beyond_the_limit_is_reduced() -> None:
    found = joined(history(range(90)), history(range(89, 200)), 100)
    assert len(found.values) <= 100
    assert (found.steps[0], found.steps[-1], found.total) == (0, 199, 200)


def test_the_count_of_a_reduced_history_is_no_longer_exact_when_more_came() -> None:
    assert not joined(history(range(90), 900), history(range(89, 99)), 400).total_is_exact
    assert not joined(history(range(9), exact=False), history(range(8, 9)), 400).total_is_exact


def test_the_machines_metrics_are_told_from_others() -> None:
    assert is_system("system/cpu_utilization_percentage")
    assert not is_system("system_loss")
