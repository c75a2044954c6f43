"""The verdict on a monitored version, as one reads it first."""

from collections.abc import Sequence

from mlops_tui.domain.drift.drift_report import FeatureDrift
from mlops_tui.domain.moment import utc
from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval
from mlops_tui.domain.plain_text import counted, one_line

MOST_NAMED = 3
"""Columns that the verdict names."""


def verdict(chunks: Sequence[ChunkResult], rows_waiting: int | None = None) -> str:
    """Say what drifted, since when, how much, and whether it matters (chunks: newest last)."""
    if not chunks:
        waiting = f": {counted(rows_waiting, 'row')} so far" if rows_waiting else ""
        return f"No chunk yet{waiting}."
    last = chunks[-1]
    parts = [_inputs(chunks), _predictions(last), _performance(chunks)]
    return " ".join(filter(None, parts))


def drift_since(chunks: Sequence[ChunkResult]) -> ChunkResult | None:
    """Return the first chunk of those in a row up to now in which columns drifted."""
    return _since(chunks, [chunk.drift.drifted for chunk in chunks])


def falling_since(chunks: Sequence[ChunkResult]) -> ChunkResult | None:
    """Return the first chunk of those in a row up to now whose metric is worse than usual."""
    return _since(chunks, [chunk.is_falling for chunk in chunks])


def _since(chunks: Sequence[ChunkResult], holds: Sequence[bool]) -> ChunkResult | None:
    first = None
    for chunk, held in zip(reversed(chunks), reversed(holds), strict=True):
        if not held:
            break
        first = chunk
    return first


def _inputs(chunks: Sequence[ChunkResult]) -> str:
    last, since = chunks[-1], drift_since(chunks)
    drifted, columns = last.drift.drifted_features, counted(last.columns, "column")
    if since is None or not drifted:
        missing = sum(each.effect is None for each in last.drift.features)
        left = f", {missing} of them not compared" if missing else ""
        return f"No drift in chunk {last.number} ({counted(last.rows, 'row')}, {columns}{left})."
    named = ", ".join(map(_named, drifted[:MOST_NAMED]))
    number = last.columns_drifted
    more = f" and {number - MOST_NAMED} more" if number > MOST_NAMED else ""
    return (
        f"{number} of {columns} drifted since chunk {since.number}"
        f"{_at(since.begins_at)}: {named}{more}."
    )


def _named(feature: FeatureDrift) -> str:
    name = one_line(feature.name, 40)
    if feature.effect is None:
        return f"{name} ({one_line(feature.reason, 60)})" if feature.reason else name
    return f"{name} ({feature.effect:.3g}, limit {feature.limit:.3g})"


def _predictions(last: ChunkResult) -> str:
    found = last.prediction_drift
    if found is None:
        return ""
    if found.drifted:
        return (
            f"Predictions drifted too ({_effect(found)})."
            if last.drift.drifted
            else (f"Predictions drifted ({_effect(found)}).")
        )
    return "Predictions did not." if last.drift.drifted else ""


def _effect(found: FeatureDrift) -> str:
    if found.effect is None:
        return one_line(found.reason, 60)
    return f"{found.effect:.3g}, limit {found.limit:.3g}"


def _performance(chunks: Sequence[ChunkResult]) -> str:
    last = chunks[-1]
    measured = last.realised or last.estimated
    if measured is None:
        if not last.drift.drifted:
            return ""
        return "Whether it matters is unknown: there are neither labels nor an estimate."
    how = f"by {counted(last.labels, 'label')}" if last.realised else "by estimate, without labels"
    value = f"{last.metric} {_interval(measured)} {how}"
    concept = _concept(last)
    since = falling_since(chunks)
    if since is not None and last.band is not None:
        usual = f"usual {last.band.lower:.3g} to {last.band.upper:.3g}"
        text = f"It matters: {value}, {usual}, since chunk {since.number}{_at(since.begins_at)}."
        return " ".join(filter(None, [text, concept]))
    if concept:
        return f"{value[:1].upper()}{value[1:]}. {concept}"
    usual = ", as usual" if last.band is not None else ""
    lead = "So far it does not matter: " if last.drift.drifted else ""
    text = f"{lead}{value}{usual}."
    return f"{text[:1].upper()}{text[1:]}"


def _concept(last: ChunkResult) -> str:
    if not last.is_concept_drift or last.concept_gap is None:
        return ""
    return (
        f"Concept drift: the labels give {last.concept_gap:+.3g} against the estimate, "
        "so inputs mean something else now."
    )


def _interval(found: Interval) -> str:
    return f"{found.value:.3g} ({found.lower:.3g} to {found.upper:.3g})"


def _at(ms: int) -> str:
    moment = utc(ms)
    return f" ({moment:%d %b %H:%M} UTC)" if moment and ms else ""
