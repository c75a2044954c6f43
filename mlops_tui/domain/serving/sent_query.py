"""A request that was sent to a model, with its answer."""

from dataclasses import dataclass

LONGEST_REQUEST = 64 * 1024
"""Characters of a request that is kept."""

LONGEST_ANSWER = 2_000
"""Characters of an answer that are kept."""


@dataclass(frozen=True, slots=True)
class SentQuery:
    """One request to a model with what it answered; ``at`` is in milliseconds since the epoch."""

    at: int
    request: str
    version: str = ""
    status: int = 0
    """0 where nothing answered."""
    latency_ms: float = 0.0
    answer: str = ""
    name: str = ""
    """Given by a person; a request with a name is kept longest."""
