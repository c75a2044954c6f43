"""What a load test measured."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil

CLIENTS = (1, 2, 4, 8)
"""Numbers of clients that send at the same time, one after the other."""


@dataclass(frozen=True, slots=True)
class LoadFigures:
    """One number of clients for some seconds; times in milliseconds."""

    clients: int
    requests: int
    seconds: float
    errors: Mapping[str, int]
    """By status, or by what broke the connection."""
    p50_ms: float | None
    p95_ms: float | None
    p99_ms: float | None
    client_cpu: float
    """Of one core: near 1 the client itself is what limits."""

    @property
    def per_second(self) -> float:
        """Requests that were answered in a second."""
        return self.requests / self.seconds if self.seconds else 0.0

    @property
    def error_count(self) -> int:
        """Requests that failed."""
        return sum(self.errors.values())


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Return the value below which a share of the ordered ones lies."""
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None
