"""How charts are looked at."""

from dataclasses import replace

from mlops_tui.domain.metrics.chart_view import ChartView
from mlops_tui.domain.metrics.curve import XAxis
from mlops_tui.domain.metrics.limits import Limits

WHOLE = (0.0, 100.0)


def test_another_axis_drops_what_was_chosen_on_the_old_one_only() -> None:
    view = ChartView(limits=Limits((0, 5), (0, 1)), cursor=3.0, smoothing=0.6)
    turned = view.along_next_axis()
    assert turned == ChartView(XAxis.RELATIVE, limits=Limits(y=(0, 1)), smoothing=0.6)


def test_zooming_is_around_the_cursor_and_leaves_y_alone() -> None:
    view = ChartView(limits=Limits(y=(0, 1)), cursor=10.0).zoomed(WHOLE, 0.5)
    assert view.limits == Limits((5, 55), (0, 1))
    assert view.panned(WHOLE, 0.1).limits.x == (10, 60)


def test_what_is_chosen_is_said() -> None:
    view = replace(ChartView(), is_log=True, hides_outliers=True, limits=Limits((0, 5)))
    assert str(view.smoother(1)) == "x: step · log y · smoothed 0.3 · outliers hidden · x=0:5"
    assert str(ChartView()) == "x: step"
