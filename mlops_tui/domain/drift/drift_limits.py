"""Limits above which a difference counts as drift."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from math import isfinite
from typing import Any

from mlops_tui.domain.drift.drift_report import FeatureKind
from mlops_tui.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class DriftLimits:
    """The limits of effects, and the level of significance.

    A column has drifted if an effect is above its limit, and noise alone does not explain it.
    """

    wasserstein: float = 0.1
    """Wasserstein distance in standard deviations of the reference, for numbers."""
    js: float = 0.1
    """Jensen–Shannon distance (0 to 1), for categories."""
    psi: float = 0.25
    """Population stability index; 0.1 is often called moderate, 0.25 large."""
    nulls: float = 0.05
    """Difference of the shares of missing values."""
    out_of_range: float = 0.05
    """Share of values outside the range of the reference."""
    p: float = 0.01
    """Level of p after Benjamini–Hochberg over all columns; p alone never raises an alarm."""
    columns: Mapping[str, float] = field(default_factory=dict)
    """Limits of the effect (Wasserstein or Jensen–Shannon) for some columns by name."""

    def of_effect(self, name: str, kind: FeatureKind) -> float:
        """Return the limit of the effect of a column."""
        usual = self.wasserstein if kind is FeatureKind.NUMBER else self.js
        return self.columns.get(name, usual)

    def with_limit(self, text: str) -> "DriftLimits":
        """Return the limits with one as it is typed, ``NAME=X``; raises ``InvalidInput``.

        NAME is one of ``MEASURES``, otherwise a column.
        """
        name, _, number = text.rpartition("=")
        value = _number(number)
        if not name or value is None:
            raise InvalidInput(f"{text!r} is no limit.", "Write NAME=X, for example age=0.2.")
        if name == "p" and value > 1:
            raise InvalidInput(f"p must be from 0 to 1, got {number}.")
        if name in MEASURES:
            measures = {each: getattr(self, each) for each in MEASURES}
            return DriftLimits(**{**measures, name: value}, columns=self.columns)
        return replace(self, columns={**self.columns, name: value})

    def to_dict(self) -> dict[str, Any]:
        """Return the limits as JSON and TOML have them."""
        return {**asdict(self), "columns": dict(self.columns)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "DriftLimits":
        """Return the limits from what ``to_dict`` gave; raises ``InvalidInput``."""
        limits = cls()
        given = data.get("columns", {})
        if not isinstance(given, Mapping):
            raise InvalidInput("columns must be a table of limits by column.")
        for name in MEASURES:
            limits = limits.with_limit(f"{name}={data.get(name, getattr(limits, name))}")
        columns: dict[str, float] = {}
        for column, text in given.items():
            value = _number(str(text))
            if value is None:
                raise InvalidInput(f"The limit of {column} must be a number, 0 or more.")
            columns[str(column)] = value
        return replace(limits, columns=columns)


MEASURES = tuple(each.name for each in fields(DriftLimits) if each.name != "columns")
"""The names of the limits that hold for all columns."""


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if isfinite(value) and value >= 0 else None
