"""Curves over the chunks of a monitor: the drift of a column, the performance of the model."""

from collections.abc import Callable, Sequence

from mlops_tui.domain.drift.drift_report import FeatureDrift
from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval
from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.charts.braille import Span
from mlops_tui.tui.charts.chart import Chart, Series
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.charts.series import MARKS
from mlops_tui.tui.kit.formatting import number
from mlops_tui.tui.monitoring.feature_cells import rows_of

CHUNKS = Frame("chunk")
BAND = "dim"
DRIFT_STYLE = "cyan"
MEASURED = {"realised": "cyan", "estimated": "yellow"}
"""The style of each curve of the metric."""

Point = tuple[float, float]


def draw_drift(chart: Chart, chunks: Sequence[ChunkResult], key: str, cursor: float) -> None:
    """Draw the effect of a column over the chunks, with its limit and what noise alone gives."""
    features = [(float(chunk.number), rows_of(chunk).get(key)) for chunk in chunks]

    def curve(name: str, value: Callable[[FeatureDrift], float | None]) -> list[Series]:
        found = [(x, value(feature)) for x, feature in features if feature]
        points = [(x, y) for x, y in found if y is not None]
        is_backdrop = name != "effect"
        return _series(name, points, BAND if is_backdrop else DRIFT_STYLE, is_backdrop=is_backdrop)

    effects = curve("effect", lambda each: each.effect)
    if not effects:
        chart.say("Its effect is not known in these chunks.")
        return
    limits = curve("limit", lambda each: each.limit) + curve("noise", lambda each: each.noise)
    chart.plot(
        [*limits, *effects],
        CHUNKS,
        readout=_readout(effects, cursor),
        note="dim: limit, noise",
        cursor=cursor,
    )


def draw_performance(chart: Chart, chunks: Sequence[ChunkResult], cursor: float) -> None:
    """Draw the metric over the chunks: by labels and estimated, each between its ends, the band."""
    measured: list[Series] = []
    ends: list[Series] = _ends(chunks, lambda chunk: chunk.band, BAND)
    for name, style in MEASURED.items():
        value = _realised if name == "realised" else _estimated
        points = [(x, each.value) for x, each in _known(chunks, value)]
        measured += _series(name, points, style, mark=MARKS[list(MEASURED).index(name)])
        ends += _ends(chunks, value, f"dim {style}")
    if not measured:
        chart.say("Nothing is known of the performance yet: it needs labels, or probabilities.")
        return
    chart.plot(
        [*ends, *measured],
        CHUNKS,
        readout=_readout(measured, cursor),
        note="dim: intervals, usual",
        cursor=cursor,
    )


def _realised(chunk: ChunkResult) -> Interval | None:
    return chunk.realised


def _estimated(chunk: ChunkResult) -> Interval | None:
    return chunk.estimated


def _known(
    chunks: Sequence[ChunkResult], value: Callable[[ChunkResult], Interval | None]
) -> list[tuple[float, Interval]]:
    found = ((float(chunk.number), value(chunk)) for chunk in chunks)
    return [(x, interval) for x, interval in found if interval]


def _ends(
    chunks: Sequence[ChunkResult], value: Callable[[ChunkResult], Interval | None], style: str
) -> list[Series]:
    """Return the lower and the upper ends of intervals as curves behind the others."""
    known = _known(chunks, value)
    lower, upper = ([(x, end(each)) for x, each in known] for end in (_lower, _upper))
    return _series("", lower, style, is_backdrop=True) + _series("", upper, style, is_backdrop=True)


def _lower(interval: Interval) -> float:
    return interval.lower


def _upper(interval: Interval) -> float:
    return interval.upper


def _series(
    name: str, points: Sequence[Point], style: str, *, mark: str = "", is_backdrop: bool = False
) -> list[Series]:
    """Return the curve through points, nothing without any."""
    if not points:
        return []
    xs, ys = zip(*points, strict=True)
    return [Series(name, xs, ys, style, mark, is_backdrop)]


def _readout(curves: Sequence[Series], cursor: float) -> list[Span]:
    """Return the value of each curve in the chunk that is looked at."""
    spans: list[Span] = []
    for curve in curves:
        value = dict(zip(curve.xs, curve.ys, strict=True)).get(cursor)
        told = "unknown" if value is None else number(value)
        spans.append((f"  {curve.mark or MARKS[0]} {one_line(curve.name)} {told}", curve.style))
    return spans
