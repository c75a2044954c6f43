"""What a monitor found out about one chunk."""

from dataclasses import dataclass, replace
from typing import Any

from mlops_tui.domain.drift.drift_report import DriftReport, FeatureDrift
from mlops_tui.domain.monitoring.plain_values import finite, text, whole


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95 % interval and the number of rows that it is of."""

    value: float
    lower: float
    upper: float
    n: int

    def as_dict(self) -> dict[str, float | int]:
        """Return it for JSON."""
        return {"value": self.value, "lower": self.lower, "upper": self.upper, "n": self.n}


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """One chunk: when it was, how it differs from the reference, how well the model does in it.

    ``begins_at`` and ``ends_at`` are ms since the epoch: of its first and its last row, or of its
    stretch of time. A light result has the worst features alone, without their histograms.
    """

    number: int
    """From 1 on, for each monitored version; the step of its metrics."""
    begins_at: int
    ends_at: int
    rows: int
    labels: int
    """Rows whose label is known."""
    drift: DriftReport
    prediction_drift: FeatureDrift | None = None
    estimated: Interval | None = None
    """The metric without labels (CBPE); it assumes that there is no concept drift."""
    realised: Interval | None = None
    """The metric by the labels that have come."""
    band: Interval | None = None
    """The metric on stretches of the reference: mean and range that is usual, n rows of each."""
    concept_gap: float | None = None
    """Realised less estimated on the rows that have labels; None where one of them is missing."""
    alarm: bool = False
    remark: str = ""
    metric: str = ""
    """The name of the metric that is estimated and realised."""
    lower_is_better: bool = False
    is_concept_drift: bool = False
    """Whether that gap is larger than both intervals explain."""
    columns: int = 0
    """Columns that were compared; a light result does not have them all."""
    columns_drifted: int = 0

    @property
    def share(self) -> float:
        """The share of the columns that drifted."""
        return self.columns_drifted / self.columns if self.columns else self.drift.share

    @property
    def is_falling(self) -> bool:
        """Whether the metric is surely worse than usual on the reference: realised, else estimated.

        The whole interval has to lie beyond the band.
        """
        measured = self.realised or self.estimated
        return self.band is not None and measured is not None and self._is_beyond(measured)

    def _is_beyond(self, measured: Interval) -> bool:
        if self.band is None:
            return False
        if self.lower_is_better:
            return measured.lower > self.band.upper
        return measured.upper < self.band.lower

    def light(self, most: int = 50) -> "ChunkResult":
        """Return it with the worst features alone, and those without histograms."""
        features = tuple(
            replace(each, histogram=None, quantiles_reference=(), quantiles_current=())
            for each in self.drift.features[:most]
        )
        prediction = self.prediction_drift
        return replace(
            self,
            drift=replace(self.drift, features=features),
            prediction_drift=prediction and replace(prediction, histogram=None),
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {
            "chunk": self.number,
            "begins_at": self.begins_at,
            "ends_at": self.ends_at,
            "rows": self.rows,
            "labels": self.labels,
            "alarm": self.alarm,
            "remark": self.remark,
            "metric": self.metric,
            "lower_is_better": self.lower_is_better,
            "estimated": self.estimated and self.estimated.as_dict(),
            "realised": self.realised and self.realised.as_dict(),
            "band": self.band and self.band.as_dict(),
            "concept_gap": self.concept_gap,
            "concept_drift": self.is_concept_drift,
            "columns": self.columns,
            "columns_drifted": self.columns_drifted,
            "prediction": self.prediction_drift and self.prediction_drift.to_dict(),
            "drift": self.drift.to_dict(),
        }


def chunk_of(found: object) -> ChunkResult:
    """Return a chunk from JSON. Raises ``ValueError`` where it is none."""
    if not isinstance(found, dict):
        raise ValueError("a chunk is an object")  # noqa: TRY004 - one kind for whoever reads
    try:
        return _chunk(found)
    except (LookupError, TypeError, AttributeError) as error:
        raise ValueError("this is no chunk") from error


def _chunk(found: dict[str, Any]) -> ChunkResult:
    prediction, gap = found.get("prediction"), found.get("concept_gap")
    return ChunkResult(
        number=whole(found.get("chunk")),
        begins_at=whole(found.get("begins_at")),
        ends_at=whole(found.get("ends_at")),
        rows=whole(found.get("rows")),
        labels=whole(found.get("labels")),
        drift=DriftReport.from_dict(found["drift"]),
        prediction_drift=FeatureDrift.from_dict(prediction) if prediction else None,
        estimated=interval_of(found.get("estimated")),
        realised=interval_of(found.get("realised")),
        band=interval_of(found.get("band")),
        concept_gap=None if gap is None else finite(gap),
        alarm=found.get("alarm") is True,
        remark=text(found.get("remark", "")),
        metric=text(found.get("metric", "")),
        lower_is_better=found.get("lower_is_better") is True,
        is_concept_drift=found.get("concept_drift") is True,
        columns=whole(found.get("columns", 0)),
        columns_drifted=whole(found.get("columns_drifted", 0)),
    )


def interval_of(found: object) -> Interval | None:
    """Return an interval from JSON, None for null. Raises ``ValueError``."""
    if found is None:
        return None
    if not isinstance(found, dict):
        raise ValueError("an interval is an object")  # noqa: TRY004 - as above
    value, lower, upper = (finite(found.get(name)) for name in ("value", "lower", "upper"))
    return Interval(value, lower, upper, whole(found.get("n")))
