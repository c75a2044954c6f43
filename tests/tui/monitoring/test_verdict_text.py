"""The verdict about a chunk, its cells in the list, and the curves over the chunks."""

from dataclasses import replace
from math import inf, nan

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlops_tui.domain.drift.drift_report import DriftReport
from mlops_tui.domain.monitoring.alert import Alert, AlertKind
from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval
from mlops_tui.domain.monitoring.monitor import ChunkSize, MonitorPlan
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding, MonitorState
from mlops_tui.tui.charts.chart import Chart
from mlops_tui.tui.charts.plot import draw
from mlops_tui.tui.monitoring.chunk_curves import CHUNKS, draw_drift, draw_performance
from mlops_tui.tui.monitoring.monitor_cells import COLUMNS, monitor_cell
from mlops_tui.tui.monitoring.verdict_text import (
    chunk_line,
    gap_line,
    performance_lines,
    verdict_text,
)
from tests.tui.monitoring.test_feature_cells import AGE, CITY, EMPTY

PLAN = MonitorPlan(
    "m1", "[red]the one\x1b[2J", "churn", "3", follows="@champion", chunk=ChunkSize(rows=1_000)
)
REPORT = DriftReport((AGE, CITY), 50_000, 1_000, 50_000, 1_000)
USUAL = Interval(0.9, 0.88, 0.92, 1_000)
CHUNK = ChunkResult(
    12,
    1_790_000_000_000,
    1_790_000_600_000,
    1_000,
    200,
    REPORT,
    prediction_drift=CITY,
    estimated=Interval(0.871, 0.86, 0.88, 1_000),
    realised=Interval(0.81, 0.79, 0.83, 200),
    band=USUAL,
    concept_gap=-0.061,
    alarm=True,
    metric="accuracy",
    is_concept_drift=True,
    columns=2,
    columns_drifted=1,
)
CALM = replace(
    CHUNK,
    number=1,
    drift=replace(REPORT, features=(CITY,)),
    estimated=Interval(0.9, 0.89, 0.91, 1_000),
    realised=None,
    concept_gap=None,
    alarm=False,
    is_concept_drift=False,
    columns=1,
    columns_drifted=0,
)
STANDING = MonitorStanding(
    PLAN,
    MonitorState.RUNNING,
    chunks=(CALM, CHUNK),
    rows_waiting=40,
    last_look_at=1,
    sentence="1 of 2 columns drifted since chunk 12: age.",
    alerts=(Alert("a", AlertKind.DRIFT, "churn", 1, "age drifted"),),
    version="4",
    chunk_count=12,
)


def cells(standing: MonitorStanding) -> list[str]:
    return [monitor_cell(standing, column.key).plain for column in COLUMNS[:-1]]


def test_a_row_says_what_is_watched_and_how_it_stands() -> None:
    watched = "!1 churn@champion  [red]the one"
    assert cells(STANDING) == [
        "● running", watched, "v4", "12", "40", "✗ 1/2", "✗0.81", "400",
    ]  # fmt: skip
    quiet = replace(STANDING, chunks=(CALM,), alerts=(), chunk_count=0)
    assert cells(quiet)[3:] == ["1", "40", "✓ 0/1", "~0.9", "200"]
    new = MonitorStanding(replace(PLAN, title="churn@champion"), MonitorState.ELSEWHERE)
    assert cells(new) == ["◇ elsewhere", "churn@champion", "v3", "0", "–", "", "", ""]


def test_the_sentence_comes_first_then_the_estimate_the_chunk_and_alerts() -> None:
    told = verdict_text(STANDING, CHUNK).plain.splitlines()
    assert told[0].startswith("✗ 1 of 2 columns drifted since chunk 12")
    assert "It matters: accuracy 0.81 (0.79 to 0.83) by 200 labels" in told[0]
    assert "Concept drift" in told[0]
    assert told[1] == (
        "Estimated without labels: 0.871 (0.86 to 0.88), if inputs and labels relate as in the "
        "reference."
    )
    assert told[2].startswith("chunk 12 of 12  ")
    assert "1,000 rows, 200 labels" in told[2]
    assert told[3].startswith("! drift ")


def test_an_older_chunk_has_the_verdict_of_its_own() -> None:
    told = verdict_text(replace(STANDING, alerts=()), CALM).plain.splitlines()
    assert told[0].startswith("✓ No drift in chunk 1")
    unknown = replace(CALM, drift=replace(REPORT, features=(EMPTY,)))
    assert (
        "1 column, 1 of them not compared"
        in verdict_text(replace(STANDING, chunks=(unknown,)), unknown).plain
    )
    assert told[1] == "The estimate is right if inputs and labels relate as in the reference."


def test_performance_has_both_metrics_the_usual_band_and_what_the_gap_means() -> None:
    (line,) = performance_lines(CHUNK)
    assert line.plain == (
        "✗ accuracy 0.81 (0.79 to 0.83) by 200 labels · ~0.871 (0.86 to 0.88) estimated, if "
        "inputs and labels relate as in the reference · usual 0.88 to 0.92"
    )
    assert performance_lines(replace(CALM, estimated=None)) == []
    assert gap_line(CHUNK).plain.startswith("✗ Concept drift: realised is 0.061 below estimated")
    small = replace(CHUNK, is_concept_drift=False, concept_gap=0.01)
    assert gap_line(small).plain == (
        "Realised is 0.01 above estimated: no more than both intervals explain."
    )
    assert gap_line(CALM).plain == ""


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (MonitorStanding(PLAN), "the monitor is stopped: a starts it."),
        (
            MonitorStanding(PLAN, MonitorState.RUNNING, rows_waiting=7),
            "one is whole after 1,000 rows; 7 rows waiting.",
        ),
        (MonitorStanding(PLAN, MonitorState.FAILED), "o reads its log, a starts it again."),
        (
            MonitorStanding(replace(PLAN, chunk=ChunkSize()), MonitorState.RUNNING),
            "each file is one.",
        ),
        (MonitorStanding(PLAN, problem="The store is away."), "✗ The store is away."),
        (MonitorStanding(PLAN, remarks=("No labels.",)), "· No labels."),
    ],
)
def test_without_a_chunk_it_says_what_is_missing(standing: MonitorStanding, words: str) -> None:
    assert words in verdict_text(standing, None).plain


def test_a_sampled_chunk_says_so() -> None:
    sampled = replace(CHUNK, drift=replace(REPORT, looked_at_current=500), remark="late")
    assert "500 of them sampled · late" in chunk_line(sampled).plain


ANY = st.floats() | st.sampled_from([0.0, 1e308, -1e308, 1.7976931348623157e308, inf, -inf, nan])
INTERVALS = st.none() | st.builds(Interval, ANY, ANY, ANY, st.integers(0, 2**63))
TIMES = st.integers(-(2**63), 2**63)


CHUNKS_OF_ANY = st.builds(
    lambda measures, gap, effect, limit, begin, end: replace(
        CHUNK,
        begins_at=begin,
        ends_at=end,
        drift=replace(REPORT, features=(replace(AGE, effect=effect, limit=limit, noise=limit),)),
        estimated=measures[0],
        realised=measures[1],
        band=measures[2],
        concept_gap=gap,
    ),
    st.tuples(INTERVALS, INTERVALS, INTERVALS),
    st.none() | ANY,
    st.none() | ANY,
    ANY,
    TIMES,
    TIMES,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(CHUNKS_OF_ANY)
def test_any_numbers_are_told_and_drawn(chunk: ChunkResult) -> None:
    standing = replace(
        STANDING, chunks=(CALM, chunk), last_look_at=chunk.ends_at, rows_waiting=2**63
    )
    assert verdict_text(standing, chunk).plain
    assert chunk.estimated is None or performance_lines(chunk)
    assert gap_line(chunk) is not None
    assert cells(standing)
    drift, performance = Chart(), Chart()
    draw_drift(drift, standing.chunks, "column age", 12.0)
    draw_performance(performance, standing.chunks, 12.0)
    for chart in (drift, performance):
        draw(chart._series, 60, 10, CHUNKS)
