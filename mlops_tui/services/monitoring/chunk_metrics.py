"""The curves of a chunk: names and values of its metrics in MLflow."""

from collections.abc import Mapping
from math import isfinite

from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval

MOST_FEATURES = 50
"""Columns that get a curve of their own, the worst; the others stand in the report."""
LONGEST = 250
"""Characters of a metric's name in MLflow."""


def chunk_metrics(chunk: ChunkResult) -> Mapping[str, float]:
    """Return the metrics of a chunk by name; what is not finite is left out."""
    found: dict[str, float] = {"drift/share": chunk.share, "drift/rows": chunk.rows}
    for feature in chunk.drift.features[:MOST_FEATURES]:
        if feature.effect is not None:
            found.setdefault(allowed(f"drift/{feature.name}"), feature.effect)
    prediction = chunk.prediction_drift
    if prediction is not None and prediction.effect is not None:
        found["prediction/drift"] = prediction.effect
    if chunk.metric:
        found |= _curve(f"estimated/{chunk.metric}", chunk.estimated)
        found |= _curve(f"realised/{chunk.metric}", chunk.realised)
    if chunk.concept_gap is not None:
        found["concept/gap"] = chunk.concept_gap
    return {name: value for name, value in found.items() if isfinite(value)}


def _curve(name: str, interval: Interval | None) -> dict[str, float]:
    if interval is None:
        return {}
    return {
        name: interval.value,
        f"{name}/lower": interval.lower,
        f"{name}/upper": interval.upper,
        f"{name}/n": interval.n,
    }


def allowed(name: str) -> str:
    """Return a name in the signs that MLflow takes in names of metrics."""
    taken = "".join(each if each.isalnum() or each in "_-. :/" else "_" for each in name)
    return taken[:LONGEST]
