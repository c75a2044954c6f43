"""What a rule looks at of a chunk that a monitor recorded."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ChunkFacts:
    """One chunk in a few numbers. Times are ms since the epoch; shares are 0 to 1."""

    number: int
    ends_at: int
    rows: int
    labels: int = 0
    drift_share: float | None = None
    """The share of columns that drifted; None where nothing could be compared."""
    realised: float | None = None
    estimated: float | None = None
    low: float | None = None
    high: float | None = None
    """The band of the reference's metric."""
    lower_is_better: bool = False
    """Whether less of the metric is better, as of an error."""
