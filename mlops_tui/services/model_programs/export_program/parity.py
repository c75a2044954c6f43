"""Whether two models say the same about rows, and which rows they differ on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

TIE = 1e-5
"""Two classes whose scores are nearer than this are tied: rounding decides between them."""
FARTHEST = 0.01
"""A probability that differs by more makes its row one that differs."""
RELATIVE = 1e-3
"""A number that differs by more, relative to itself or to the spread of all, does too."""
MOST_DIFFERING = 0.001
"""The share of rows that may differ without being ties."""


@dataclass(frozen=True)
class Parity:
    """What comparing two models on rows found out."""

    rows: int
    agreeing: int
    """Rows with the same label, or with a number that is near enough."""
    ties: int
    """Rows whose labels differ because two classes are tied."""
    farthest: float
    """The largest difference of probabilities; of numbers, where they are what is predicted."""
    differing: tuple[int, ...]
    """The rows that differ and are no ties, counted from 0."""

    @property
    def passed(self) -> bool:
        """Whether few enough rows differ."""
        return len(self.differing) <= MOST_DIFFERING * self.rows

    def describe(self) -> str:
        """Say it in a sentence."""
        ties = f", {self.ties:,} differ by a tie" if self.ties else ""
        differing = f", {len(self.differing):,} differ" if self.differing else ""
        return (
            f"{self.agreeing:,} of {self.rows:,} rows agree{ties}{differing}; "
            f"the largest difference is {self.farthest:.2g}"
        )


def of_labels(source: Any, ours: Any, scores: Any, probabilities: tuple[Any, Any] | None) -> Parity:
    """Compare labels; ``scores`` by row (and class) tell ties, ``probabilities`` are compared."""
    source, ours = np.asarray(source), np.asarray(ours)
    agree = source.astype(str) == ours.astype(str)
    tied = ~agree & _tied(scores, len(source))
    farthest, far = 0.0, np.zeros(len(source), bool)
    if probabilities is not None:
        gaps = np.abs(np.asarray(probabilities[0]) - np.asarray(probabilities[1])).max(axis=1)
        gaps = np.where(np.isnan(gaps), np.inf, gaps)
        farthest, far = float(gaps.max()), gaps > FARTHEST
    differ = (~agree & ~tied) | far
    return Parity(len(source), int(agree.sum()), int(tied.sum()), farthest, _places(differ))


def of_numbers(source: Any, ours: Any) -> Parity:
    """Compare predicted numbers, one or several a row."""
    source, ours = (np.asarray(each, float).reshape(len(each), -1) for each in (source, ours))
    gaps = np.abs(source - ours)
    gaps = np.where(np.isnan(source) & np.isnan(ours), 0.0, gaps)
    gaps = np.where(np.isnan(gaps), np.inf, gaps)
    allowed = RELATIVE * np.maximum(np.abs(source), np.nanstd(source, axis=0))
    differ = (gaps > np.nan_to_num(allowed)).any(axis=1)
    return Parity(len(source), int((~differ).sum()), 0, float(gaps.max()), _places(differ))


def _tied(scores: Any, rows: int) -> Any:
    if scores is None:
        return np.zeros(rows, bool)
    scores = np.asarray(scores, float)
    if scores.ndim == 1:
        return np.abs(scores) <= TIE
    best = np.sort(scores, axis=1)[:, -2:]
    return best[:, 1] - best[:, 0] <= TIE


def _places(chosen: Any) -> tuple[int, ...]:
    return tuple(map(int, np.flatnonzero(chosen)))
