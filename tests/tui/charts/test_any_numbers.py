"""Whatever numbers a program logs, a chart draws them or says that it cannot."""

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from mlops_tui.domain.compare.comparison import Kind, Trait
from mlops_tui.domain.compare.importance import importances
from mlops_tui.domain.metrics.chart_view import ChartView
from mlops_tui.domain.metrics.curve import XAxis
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.metrics.limits import OPEN, Interval, Limits
from mlops_tui.domain.metrics.metric import MetricHistory, joined
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.charts.plot import draw
from mlops_tui.tui.charts.readout import readout, tab_separated, time_range_text
from mlops_tui.tui.charts.run_style import run_styles
from mlops_tui.tui.charts.series import Series
from mlops_tui.tui.charts.trace import trace_of
from mlops_tui.tui.compare.importance_text import importance_text
from mlops_tui.tui.compare.parallel_chart import draw_parallel, upright
from mlops_tui.tui.compare.scatter_pane import points, relation
from tests.domain.made_up import made_up

EDGES = (0.0, 1e308, -1e308, 1.7976931348623157e308, 5e-324, -5e-324, 1e-308, 1e16, 0.1, 1e300)
NUMBERS = st.floats() | st.sampled_from(EDGES) | st.floats(0, 1)
FINITE = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(EDGES)
WHOLES = st.integers(-(2**63), 2**63 - 1)
NOW = 1_790_000_000_000
TIMES = st.sampled_from([NOW, NOW * 1_000, NOW * 1_000_000, 0, -1]) | WHOLES
POINTS = st.lists(st.tuples(st.integers(0, 100) | WHOLES, TIMES, NUMBERS), min_size=1, max_size=12)
SPANS = st.just(OPEN) | st.tuples(st.none() | FINITE, st.none() | FINITE).filter(
    lambda interval: interval[0] is None or interval[1] is None or interval[0] < interval[1]
)
VIEWS = st.builds(
    ChartView,
    x_axis=st.sampled_from(XAxis),
    is_log=st.booleans(),
    smoothing=st.sampled_from([0.0, 0.9]),
    hides_outliers=st.booleans(),
    limits=st.builds(Limits, SPANS, SPANS),
    cursor=st.none() | FINITE,
)


LEAST_ON_TOP = ChartView(is_log=True, limits=Limits((None, None), (None, 5e-324)))


def history_of(found: list[tuple[int, int, float]]) -> MetricHistory:
    steps, times, values = zip(*sorted(found, key=lambda point: point[0]), strict=True)
    return MetricHistory("r", "loss", steps, times, values, total=len(found))


def assert_fits(lines: list[list[tuple[str, str]]], width: int, height: int) -> None:
    assert len(lines) <= height
    assert all(sum(len(text) for text, _ in line) <= width for line in lines)


@settings(max_examples=200, deadline=None)
@given(POINTS, VIEWS, st.integers(1, 90), st.integers(1, 20))
@example([(0, 0, 0.0), (1, 1, 1.0)], LEAST_ON_TOP, 40, 9)
def test_any_curve_is_drawn_in_any_view(
    found: list[Any], view: ChartView, width: int, height: int
) -> None:
    (look,) = run_styles([("r", "run", False)])
    trace = trace_of(history_of(found), look, view, Direction.MIN)
    frame = Frame(view.x_axis, view.x_axis, view.is_log, view.hides_outliers, view.limits)
    picture = draw(trace.series(), width, height, frame)
    if picture is not None:
        assert_fits(picture.lines(view.cursor), width, height)
    assert readout([trace], view)
    readout([trace, trace], view)
    time_range_text(view.limits.x, view.x_axis)
    tab_separated("loss", [trace], view.cursor)


@settings(max_examples=200, deadline=None)
@given(SPANS, FINITE, FINITE, st.sampled_from([0.5, 2.0]), st.none() | FINITE)
def test_zooming_or_moving_keeps_ends_that_are_numbers(
    interval: Interval, one: float, other: float, factor: float, cursor: float | None
) -> None:
    whole = min(one, other), max(one, other)
    view = ChartView(limits=Limits(interval), cursor=cursor)
    for changed in (view.zoomed(whole, factor), view.panned(whole, factor / 4)):
        low, high = changed.limits.x
        assert all(end is None or abs(end) < float("inf") for end in (low, high))
        assert low is None or high is None or low <= high


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(NUMBERS, NUMBERS | st.sampled_from(["1e400", "adam"])), max_size=6))
def test_any_metric_is_related_to_any_param(pairs: list[tuple[float, object]]) -> None:
    runs = [
        made_up(str(number), metrics={"m": metric}, params={"p": str(param)})
        for number, (metric, param) in enumerate(pairs)
    ]
    looks = run_styles((each.run_id, each.name, False) for each in runs)
    across, up = Trait(Kind.PARAM, "p"), Trait(Kind.METRIC, "m")
    shown = points(runs, looks, across, "m")
    picture = draw(shown, 60, 15, Frame("p"))
    assert (picture is not None) == bool(shown)
    relation(runs, across, shown)
    draw_parallel([upright(across, runs), upright(up, runs)], looks, 60, 15)
    importance_text("m", importances(runs, "m", Direction.MIN))


@settings(max_examples=100, deadline=None)
@given(POINTS, POINTS)
def test_points_are_joined_whatever_they_are(old: list[Any], new: list[Any]) -> None:
    both = joined(history_of(old), history_of(new), 8)
    assert len(both.steps) == len(both.values) <= 8
    draw([Series("both", both.steps, both.values)], 60, 10, Frame())
