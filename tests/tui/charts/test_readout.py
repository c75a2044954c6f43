"""What is written beside charts."""

import re
from dataclasses import replace
from math import nan

from mlops_tui.domain.metrics.chart_view import ChartView
from mlops_tui.domain.metrics.curve import XAxis
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.tui.charts.readout import (
    position_text,
    readout,
    reduction_text,
    tab_separated,
    time_range_text,
)
from mlops_tui.tui.charts.run_style import run_styles
from mlops_tui.tui.charts.trace import trace_of

RUNS = run_styles([("a", "first", False), ("b", "second", True)])
HISTORY = MetricHistory("a", "loss", (0, 5, 9), (60_000, 90_000, 180_000), (3.0, 1.0, 2.0), 3)


def said(view: ChartView, *histories: MetricHistory) -> str:
    traces = [
        trace_of(history, run, view, Direction.MIN)
        for run, history in zip(RUNS, histories, strict=False)
    ]
    return "".join(text for text, _ in readout(traces, view))


def test_one_curve_says_its_last_value_with_the_best_one() -> None:
    assert said(ChartView(), HISTORY) == "  2  ★ 1 @ 5"


def test_the_cursor_says_value_step_and_time() -> None:
    text = said(ChartView(cursor=4.0), HISTORY)
    assert text.startswith("  1 @ 5  +30s  ")
    assert text.endswith(":30")


def test_the_smooth_value_stands_beside_the_raw_one() -> None:
    assert said(ChartView(smoothing=0.6, cursor=0.0), HISTORY).startswith("  3 ~3.000 @ 0")


def test_several_curves_are_read_by_their_marks() -> None:
    assert said(ChartView(cursor=5.0), HISTORY, HISTORY) == "  ● 1  ▲ 1  step 5"
    assert said(ChartView(), HISTORY, HISTORY) == "  ● 2  ▲ 2"
    assert said(ChartView(cursor=0.0), HISTORY, HISTORY) == "  ● 3  ▲ 3  step 0"


def test_the_smooth_line_is_drawn_over_the_dimmed_raw_one() -> None:
    trace = trace_of(HISTORY, RUNS[0], ChartView(smoothing=0.6), Direction.MIN)
    raw, smooth = trace.series()
    assert (raw.is_backdrop, raw.style, raw.best) == (True, "dim cyan", 1)
    assert (smooth.is_backdrop, smooth.style, smooth.best) == (False, "cyan", None)


def test_a_curve_of_gaps_has_no_best_point() -> None:
    gap = MetricHistory("a", "loss", (0,), (0,), (nan,), 1)
    assert said(ChartView(), gap) == "  NaN"
    assert said(ChartView(), MetricHistory("a", "loss", (), (), (), 0)) == ""


def test_a_place_is_said_along_its_axis() -> None:
    assert position_text(1234.0, XAxis.STEP) == "step 1,234"
    assert position_text(75.0, XAxis.RELATIVE) == "1m15s"
    assert position_text(1_700_000_000.0, XAxis.WALL).startswith("2023-11-1")


def test_a_stretch_of_time_is_said_as_the_axis_reads() -> None:
    assert time_range_text((0.0, 10.0), XAxis.STEP) == ""
    assert time_range_text((None, None), XAxis.WALL) == ""
    assert time_range_text((75.0, None), XAxis.RELATIVE) == "from 1m15s"
    assert time_range_text((0.0, 75.0), XAxis.RELATIVE) == "from 0.0s to 1m15s"
    said = time_range_text((1_700_000_000.0, 1_700_000_007.0), XAxis.WALL)
    assert said.startswith("from 2023-11-1")
    assert re.fullmatch(r"from 2023-11-1\d \d\d:\d\d:20 to \d\d:\d\d:27", said)
    days = time_range_text((1_700_000_000.0, 1_700_000_000.0 + 3 * 86_400), XAxis.WALL)
    date = r"2023-11-1\d \d\d:\d\d:20"
    assert re.fullmatch(rf"from {date} to {date}", days)
    assert days.split(" ")[1] < days.split(" ")[4]


def test_what_is_read_is_copied_as_columns() -> None:
    traces = [trace_of(HISTORY, run, ChartView(), Direction.MIN) for run in RUNS]
    first, second = tab_separated("loss", traces, 5.0).splitlines()
    name, key, step, _time, value = first.split("\t")
    assert (name, key, step, value) == ("first", "loss", "5", "1.0")
    assert second.startswith("second\t")


def test_each_run_has_a_look_of_its_own() -> None:
    many = run_styles([(str(number), "", False) for number in range(10)])
    assert len({(run.colour, run.mark) for run in many}) == 10
    assert len({run.mark for run in many}) == 10
    assert len({run.colour for run in many}) == 10


def test_what_was_left_out_is_counted() -> None:
    assert reduction_text([HISTORY, None]) == ""
    assert reduction_text([HISTORY, replace(HISTORY, total=5000)]) == "3 of 5,000 points"
    unsure = replace(HISTORY, total=2500, total_is_exact=False)
    assert reduction_text([unsure, replace(HISTORY, total=5000)]) == "6 of ≥7,500 points"
