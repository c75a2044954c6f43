"""A metric's history laid along an axis."""

import pytest

from mlops_tui.domain.metrics.curve import XAxis, curve_of, moved, nearest
from mlops_tui.domain.metrics.metric import MetricHistory

HISTORY = MetricHistory("r", "loss", (0, 1, 2), (3000, 1000, 2500), (0.3, 0.2, 0.1), 3)


def test_along_steps_the_points_stay_in_their_order() -> None:
    curve = curve_of(HISTORY, XAxis.STEP)
    assert (curve.xs, curve.ys) == ((0.0, 1.0, 2.0), (0.3, 0.2, 0.1))


def test_relative_time_counts_seconds_from_the_earliest_point() -> None:
    curve = curve_of(HISTORY, XAxis.RELATIVE)
    assert (curve.xs, curve.ys) == ((0.0, 1.5, 2.0), (0.2, 0.1, 0.3))
    assert (curve.steps, curve.timestamps) == ((1, 2, 0), (1000, 2500, 3000))


def test_wall_time_is_seconds_since_the_epoch() -> None:
    assert curve_of(HISTORY, XAxis.WALL).xs == (1.0, 2.5, 3.0)


@pytest.mark.parametrize("along", XAxis)
def test_a_metric_without_points_is_an_empty_curve(along: XAxis) -> None:
    assert curve_of(MetricHistory("r", "loss", (), (), (), 0), along).xs == ()


def test_the_axes_go_round() -> None:
    assert [axis.following for axis in XAxis] == [XAxis.RELATIVE, XAxis.WALL, XAxis.STEP]


@pytest.mark.parametrize(
    ("x", "index"), [(-5, 0), (0, 0), (4, 0), (5, 0), (6, 1), (10, 1), (99, 2)]
)
def test_the_nearest_point_is_found(x: float, index: int) -> None:
    assert nearest([0, 10, 20], x) == index


def test_nothing_is_near_where_there_is_nothing() -> None:
    assert nearest([], 3) is None
    assert moved([], 3, 1) is None


@pytest.mark.parametrize(
    ("x", "by", "there"),
    [(None, 1, 0), (None, -1, 20), (0, 1, 10), (10, -1, 0), (0, -1, 0), (10, 5, 20), (11, 1, 20)],
)
def test_the_cursor_moves_by_points_up_to_the_ends(x: float | None, by: int, there: float) -> None:
    assert moved([0, 10, 10, 20], x, by) == there
