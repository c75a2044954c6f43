"""The stretch of each axis that is looked at."""

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.metrics.limits import (
    OPEN,
    Interval,
    Limits,
    closed,
    holds,
    panned,
    parse_limits,
    without_outliers,
    zoomed,
)

WHOLE = (0.0, 100.0)


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("", Limits()),
        ("x=0:5000 y=0.5:1", Limits((0, 5000), (0.5, 1))),
        ("y=:1", Limits(y=(None, 1))),
        ("x=-1e3:", Limits(x=(-1000, None))),
        ("x=:", Limits()),
    ],
)
def test_limits_are_read_as_they_are_typed(text: str, limits: Limits) -> None:
    assert parse_limits(text) == limits
    assert parse_limits(str(limits)) == limits


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("z=0:1", "'z=0:1' sets no limits"),
        ("x", "sets no limits"),
        ("x=5", "sets no limits"),
        ("x=5:1", "ends before it begins"),
        ("x=1:1", "ends before it begins"),
        ("y=a:1", "'a' is no number"),
        ("y=nan:1", "'nan' is no number"),
        ("y=0:inf", "'inf' is no number"),
    ],
)
def test_what_makes_no_sense_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        parse_limits(text)


@pytest.mark.parametrize(
    ("interval", "held"),
    [(OPEN, True), ((0, 10), True), ((5, None), True), ((None, 4), False), ((6, None), False)],
)
def test_an_open_end_holds_everything(interval: Interval, held: bool) -> None:
    assert holds(interval, 5) is held


@pytest.mark.parametrize(
    ("interval", "ends"),
    [
        (OPEN, (0, 100)),
        ((20, None), (20, 100)),
        ((None, 30), (0, 30)),
        ((500, None), (500, 501)),
        ((None, -5), (-6, -5)),
        ((-50, 500), (-50, 500)),
    ],
)
def test_open_ends_reach_as_far_as_there_are_points(
    interval: Interval, ends: tuple[float, float]
) -> None:
    assert closed(interval, *WHOLE) == ends


def test_zooming_keeps_the_middle_or_the_cursor_where_it_is() -> None:
    assert zoomed(OPEN, WHOLE, 0.5, None) == (25, 75)
    assert zoomed(OPEN, WHOLE, 0.5, 0.0) == (0, 50)
    assert zoomed((0, 50), WHOLE, 0.5, 90) == (12.5, 37.5)


def test_zooming_out_ends_with_the_whole_curve() -> None:
    assert zoomed((25, 75), WHOLE, 2, None) == OPEN
    assert zoomed((0, 10), WHOLE, 2, None) == (0, 15)


def test_zooming_in_ends_before_numbers_do() -> None:
    interval: Interval = OPEN
    for _ in range(200):
        interval = zoomed(interval, WHOLE, 0.5, None)
    low, high = interval
    assert low is not None
    assert high is not None
    assert low < high


def test_panning_stops_at_the_ends_of_the_curve() -> None:
    assert panned(OPEN, WHOLE, 0.5) == OPEN
    assert panned((20, 40), WHOLE, 0.5) == (30, 50)
    assert panned((70, 90), WHOLE, 1) == (80, 100)
    assert panned((10, 30), WHOLE, -1) == (0, 20)
    assert panned((150, 160), WHOLE, 1) == (150, 160)


def test_outliers_are_beyond_the_first_and_the_last_percentile() -> None:
    low, high = without_outliers([1e9, -1e9, *range(1000)])
    assert -1 < low < 20
    assert 980 < high < 1001
    assert without_outliers([3.0]) == (3.0, 3.0)
