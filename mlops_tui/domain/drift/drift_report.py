"""What a comparison of two tables found out, column by column."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from mlops_tui.domain.plain_text import counted, one_line

WASSERSTEIN = "Wasserstein/σ"
JENSEN_SHANNON = "Jensen–Shannon"
QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
"""The quantiles that a report has of a number."""
NAMED = 3
"""Columns that the sentence names."""
LONGEST_NAME = 40


class FeatureKind(StrEnum):
    """What the values of a column are compared as. Dates and times are numbers."""

    NUMBER = "number"
    CATEGORY = "category"


@dataclass(frozen=True, slots=True)
class Histogram:
    """The shares of both tables in the same bins, for small charts."""

    labels: tuple[str, ...]
    """The bins of categories; empty for numbers."""
    edges: tuple[float, ...]
    """The edges of the bins of numbers, one more than bins; the outer bins are open."""
    reference: tuple[float, ...]
    current: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class FeatureDrift:
    """How far one column has moved."""

    name: str
    kind: FeatureKind
    drifted: bool
    effect: float | None
    """In units of ``measure``; None where the column was not compared."""
    measure: str
    """``WASSERSTEIN`` of numbers, ``JENSEN_SHANNON`` of categories."""
    limit: float
    p: float | None
    """Of the Kolmogorov–Smirnov or the χ² test, not adjusted."""
    psi: float | None
    n_reference: int
    """Values, without the missing ones."""
    n_current: int
    nulls_reference: float
    """Share of missing values."""
    nulls_current: float
    out_of_range: float = 0.0
    """Share of the current values that are outside the range of the reference."""
    new_categories: tuple[str, ...] = ()
    """Some of them, the most frequent first."""
    new_category_count: int = 0
    quantiles_reference: tuple[float, ...] = ()
    """At ``QUANTILES``; of dates and times in seconds since the epoch."""
    quantiles_current: tuple[float, ...] = ()
    histogram: Histogram | None = None
    reason: str = ""
    """Why the column was not compared, what beside the effect has drifted, or a remark."""
    noise: float | None = None
    """The effect that noise alone has on average with as many values."""
    p_adjusted: float | None = None
    """After Benjamini–Hochberg over all columns."""
    dtype: str = ""
    """The type of the column in the reference, in Arrow's words."""

    @property
    def severity(self) -> float:
        """The effect in units of its limit."""
        if self.effect is None:
            return 0.0
        return self.effect / self.limit if self.limit else self.effect and float("inf")

    def to_dict(self) -> dict[str, Any]:
        """Return the column as JSON has it."""
        return {**asdict(self), "kind": self.kind.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "FeatureDrift":
        """Return the column from what ``to_dict`` gave."""
        known = {each.name: data[each.name] for each in fields(cls) if each.name in data}
        known["kind"] = FeatureKind(data["kind"])
        if data.get("histogram"):
            known["histogram"] = Histogram(**_tuples(data["histogram"]))
        return cls(**{**_tuples(known), "histogram": known.get("histogram")})


@dataclass(frozen=True, slots=True)
class DriftReport:
    """How far the columns of a table have moved from those of a reference, the worst first."""

    features: tuple[FeatureDrift, ...]
    rows_reference: int
    rows_current: int
    looked_at_reference: int
    """Rows that were used: fewer where they were sampled."""
    looked_at_current: int
    missing: tuple[str, ...] = ()
    """Columns of the reference that the current table lacks."""
    additional: tuple[str, ...] = ()
    """Columns of the current table that the reference lacks."""

    @property
    def drifted(self) -> bool:
        """Whether any column has drifted."""
        return any(each.drifted for each in self.features)

    @property
    def drifted_features(self) -> tuple[FeatureDrift, ...]:
        """The columns that have drifted, the worst first."""
        return tuple(each for each in self.features if each.drifted)

    @property
    def share(self) -> float:
        """The share of the columns that have drifted."""
        return len(self.drifted_features) / len(self.features) if self.features else 0.0

    @property
    def sentence(self) -> str:
        """The verdict in a sentence."""
        columns = counted(len(self.features), "column")
        found = self.drifted_features
        if not found:
            return f"No drift in {columns}.{self._difference_of_columns}"
        more = f" and {len(found) - NAMED:,} more" if len(found) > NAMED else ""
        named = ", ".join(_described(each) for each in found[:NAMED])
        return f"{len(found):,} of {columns} drifted: {named}{more}.{self._difference_of_columns}"

    @property
    def _difference_of_columns(self) -> str:
        words = ""
        if self.missing:
            words += f" Missing: {_listed(self.missing)}."
        return words + (f" Additional: {_listed(self.additional)}." if self.additional else "")

    def to_dict(self) -> dict[str, Any]:
        """Return the report as ``mlops-tui drift --json`` prints it."""
        return {
            "drifted": self.drifted,
            "share": self.share,
            "sentence": self.sentence,
            "rows_reference": self.rows_reference,
            "rows_current": self.rows_current,
            "looked_at_reference": self.looked_at_reference,
            "looked_at_current": self.looked_at_current,
            "missing": list(self.missing),
            "additional": list(self.additional),
            "features": [each.to_dict() for each in self.features],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "DriftReport":
        """Return the report from what ``to_dict`` gave, also after JSON.

        Raises ``ValueError``, ``KeyError`` or ``TypeError`` where it is something else.
        """
        return cls(
            features=tuple(FeatureDrift.from_dict(each) for each in data["features"]),
            rows_reference=int(data["rows_reference"]),
            rows_current=int(data["rows_current"]),
            looked_at_reference=int(data["looked_at_reference"]),
            looked_at_current=int(data["looked_at_current"]),
            missing=tuple(data.get("missing", ())),
            additional=tuple(data.get("additional", ())),
        )


def by_severity(features: Iterable[FeatureDrift]) -> tuple[FeatureDrift, ...]:
    """Return the columns that drifted, then the others, each with the largest effect first."""
    return tuple(sorted(features, key=lambda each: (not each.drifted, -each.severity, each.name)))


def _described(feature: FeatureDrift) -> str:
    name = one_line(feature.name, LONGEST_NAME)
    if feature.effect is None or feature.effect <= feature.limit:
        return f"{name} ({feature.reason.rstrip('.')})"
    return f"{name} ({feature.effect:.2g}, limit {feature.limit:g})"


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(one_line(name, LONGEST_NAME) for name in names[:NAMED]) + more


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(each) if isinstance(each, list) else each for key, each in data.items()}
