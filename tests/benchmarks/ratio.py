"""One measurement of ours beside theirs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ratio:
    """What ours costs, what theirs does; ``bar`` is the highest ratio allowed, if one is."""

    name: str
    ours: float
    theirs: float
    unit: str
    bar: float | None = None

    @property
    def value(self) -> float:
        """Ours divided by theirs."""
        return self.ours / self.theirs if self.theirs else float("inf")

    @property
    def holds(self) -> bool:
        """Whether the bar is reached."""
        return self.bar is None or self.value <= self.bar
