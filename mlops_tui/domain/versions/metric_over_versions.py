"""A metric over the versions of a model."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mlops_tui.domain.metrics.direction import Direction, best_point
from mlops_tui.domain.metrics.interest import by_interest
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.versions.version_row import VersionRow


@dataclass(frozen=True, slots=True)
class MetricOverVersions:
    """The versions that have a metric, oldest first, with their values."""

    key: str
    versions: tuple[ModelVersion, ...]
    values: tuple[float, ...]

    def marked(self, direction: Direction) -> Sequence[tuple[str, ModelVersion, float]]:
        """Return the best version, those in use, the newest, each with what it is and its value."""
        pairs = list(zip(self.versions, self.values, strict=True))
        best = best_point(self.values, direction)
        found = [] if best is None else [("best", *pairs[best])]
        for stage in (Stage.PRODUCTION, Stage.STAGING):
            found += [(stage.value, *pair) for pair in pairs if pair[0].stage is stage]
        return [*found, *(("newest", *pair) for pair in pairs[-1:])]


def metric_keys(rows: Iterable[VersionRow]) -> tuple[str, ...]:
    """Return the metrics of versions in the order in which to look at them."""
    return by_interest(Counter(key for row in rows if row.run for key in row.run.metrics))


def over_versions(rows: Iterable[VersionRow], key: str) -> MetricOverVersions:
    """Return a metric over the versions whose runs have it."""
    oldest_first = sorted(rows, key=lambda row: int(row.version.version))
    measured = [row for row in oldest_first if row.run and key in row.run.metrics]
    return MetricOverVersions(
        key,
        tuple(row.version for row in measured),
        tuple(row.run.metrics[key] for row in measured if row.run),
    )
