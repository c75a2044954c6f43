"""When a monitor tells a person: the sentence of each condition that is met."""

from collections.abc import Sequence

from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.monitoring.alert import AlertKind
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor_verdict import verdict
from mlops_tui.domain.serving.endpoint_figures import EndpointFigures

OF_CHUNKS = (AlertKind.DRIFT, AlertKind.PERFORMANCE, AlertKind.CONCEPT)
OF_ENDPOINT = (AlertKind.ENDPOINT, AlertKind.CAPTURE)
FAILING = 0.05
"""Share of requests that fail above which an endpoint does."""
FEWEST = 20
"""Requests below which nothing is said of them."""
FULL = 0.95
"""Share of the limit of a capture above which it is full: its oldest requests go next."""
BEHIND = 3
"""Chunks that wait, above which a monitor is behind."""
MIB = 1024 * 1024


def of_chunks(chunks: Sequence[ChunkResult]) -> dict[AlertKind, str]:
    """Return what the newest chunk (the last) is a reason to tell."""
    if not chunks:
        return {}
    last, found = chunks[-1], {}
    words = verdict(chunks)
    drifted = last.prediction_drift is not None and last.prediction_drift.drifted
    if last.drift.drifted or drifted:
        found[AlertKind.DRIFT] = words
    if last.is_falling:
        found[AlertKind.PERFORMANCE] = words
    if last.is_concept_drift:
        found[AlertKind.CONCEPT] = words
    return found


def of_endpoint(title: str, figures: EndpointFigures, dropped_before: int) -> dict[AlertKind, str]:
    """Return what the figures of an endpoint are a reason to tell."""
    found = {}
    errors, requests = figures.error_count, figures.requests
    if requests >= FEWEST and errors / requests > FAILING:
        found[AlertKind.ENDPOINT] = f"{title}: {errors:,} of the last {requests:,} requests failed."
    capture = figures.capture
    limit = capture.choice.limit_mib * MIB
    dropped = capture.dropped - dropped_before
    if capture.choice.share > 0 and capture.problem:
        found[AlertKind.CAPTURE] = f"{title} captures nothing now: {capture.problem}."
    elif capture.choice.share > 0 and dropped > 0:
        found[AlertKind.CAPTURE] = f"{title} left out {dropped:,} requests that it should capture."
    elif limit and capture.size > FULL * limit:
        found[AlertKind.CAPTURE] = (
            f"The capture of {title} is full ({bytes_size(capture.size)}): its oldest requests go."
        )
    return found


def of_backlog(chunks: int) -> dict[AlertKind, str]:
    """Return whether so many whole chunks wait that a monitor is behind."""
    if chunks <= BEHIND:
        return {}
    return {AlertKind.BEHIND: f"The monitor is behind: {chunks:,} whole chunks wait."}
