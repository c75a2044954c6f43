"""Checks the rules one by one; each gives one row of the verdict, one for each slice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..problem import Problem, in_words, listed
from . import holdout, signature
from .bootstrap import interval
from .named_metrics import Metric, metric_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from mlflow import MlflowClient
    from mlflow.entities.model_registry import ModelVersion

    from .holdout import HoldOut
    from .model import Version

PASSED, FAILED, NOT_EVALUATED = "passed", "failed", "not evaluated"
FEWEST_ROWS = 30
"""A smaller slice says nothing."""
MOST_SLICES = 50
RESAMPLES, CONFIDENCE = 1_000, 0.95


@dataclass
class Row:
    """One row of the verdict."""

    rule: str
    outcome: str
    candidate: float | str | None = None
    champion: float | str | None = None
    limit: str = ""
    n: int | None = None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    blocks: bool = False
    number: int = 0
    """Which rule of the gate it is, from 1 on."""

    def as_dict(self) -> dict[str, Any]:
        """Return it for a table."""
        return asdict(self)


@dataclass
class Measure:
    """A metric that is logged: of the candidate on a hold-out."""

    key: str
    value: float
    rows: HoldOut | None


@dataclass
class Checks:
    """Candidate, champion, and what was read for them."""

    client: MlflowClient
    entry: ModelVersion
    """The candidate as the registry has it."""
    candidate: Version
    champion: Version | None
    run_id: str
    metrics: dict[str, float]
    """What the training logged."""
    champion_metrics: dict[str, float]
    folder: Path

    def __post_init__(self) -> None:
        self.measures: list[Measure] = []
        self.remarks: list[str] = []
        self._read: dict[tuple[Any, ...], HoldOut | Problem] = {}

    def rows_of(self, rule: dict[str, Any]) -> list[Row]:
        """Return what becomes of a rule: ``kind``, ``text``, ``values``."""
        checks = {
            "metric": self._metric,
            "evaluate": self._evaluate,
            "signature": self._signature,
            "example": self._example,
            "p95_ms": self._p95,
            "max_size_mb": self._size,
            "tag": self._tag,
            "description": self._description,
            "approved_by": self._approval,
        }
        text, values = str(rule["text"]), dict(rule["values"])
        try:
            found = list(checks[rule["kind"]](text, values))
        except Problem as problem:
            found = [_unevaluated(text, str(problem))]
        except Exception as error:  # noqa: BLE001 - one rule that breaks is one row
            found = [_unevaluated(text, in_words(error))]
        for row in found:
            row.limit = str(rule["limit"])
            row.blocks = row.blocks or row.outcome == FAILED
        return found

    def hold_outs(self) -> list[HoldOut]:
        """Return what was read, each once."""
        return [each for each in self._read.values() if not isinstance(each, Problem)]

    def _metric(self, text: str, values: dict[str, Any]) -> Iterator[Row]:
        name = str(values["metric"])
        if name not in self.metrics:
            has = listed(sorted(self.metrics)) or "none"
            raise Problem(f"The training logged no metric {name!r}; it logged {has}.")
        value = self.metrics[name]
        outcome, reason = _within(value, values)
        yield Row(text, outcome, value, self.champion_metrics.get(name), reason=reason)

    def _evaluate(self, text: str, values: dict[str, Any]) -> Iterator[Row]:
        metric = metric_of(str(values["evaluate"]), str(self.folder))
        rows = self._hold_out(values)
        ours = metric.values(self.candidate.predict(rows))
        theirs, why_not = self._of_champion(metric, rows, values)
        is_empty = True
        for label, chosen in _slices(rows, values.get("slice")):
            part = f"{label}: {text}" if label else text
            size = int(chosen.sum()) if chosen is not None else len(rows)
            if label and size < FEWEST_ROWS:
                reason = f"only {size} rows; a slice needs {FEWEST_ROWS}"
                yield _unevaluated(part, reason, n=size, blocks=False)
                continue
            is_empty = False
            sets = [rows.truth, ours, theirs]
            if chosen is not None:
                sets = [None if each is None else each[chosen] for each in sets]
            row = self._compared(part, metric, sets, values, why_not)
            if isinstance(row.candidate, float):
                key = f"{metric.name}/{values['slice']}={label}" if label else metric.name
                self.measures.append(Measure(key, row.candidate, rows))
            yield row
        if is_empty:
            yield _unevaluated(text, f"no slice has {FEWEST_ROWS} rows", n=len(rows))

    def _of_champion(
        self, metric: Metric, rows: HoldOut, values: dict[str, Any]
    ) -> tuple[Any, str]:
        """Return the champion's predictions, else why there are none."""
        if "better_by" not in values or self.champion is None:
            return None, "there is no version in the stage to compare with"
        try:
            return metric.values(self.champion.predict(rows)), ""
        except Problem as problem:
            return None, f"the champion cannot be compared with. {problem}"

    def _compared(
        self, text: str, metric: Metric, sets: Any, values: dict[str, Any], why_not: str
    ) -> Row:
        truth, ours, theirs = sets
        n = len(truth)
        try:
            value = metric(truth, ours)
        except Problem as problem:
            return _unevaluated(text, str(problem), n=n)
        outcome, reason = _within(value, values)
        row = Row(text, outcome, value, n=n, reason=reason)
        if "better_by" not in values:
            return row
        if theirs is None:
            if outcome == PASSED and not {"min", "max"} & set(values):
                row.outcome = NOT_EVALUATED
            if outcome == PASSED:
                row.reason, row.blocks = why_not, self.champion is not None
                row.outcome = NOT_EVALUATED if row.blocks else row.outcome
            return row
        try:
            row.champion = metric(truth, theirs)
            low, high = interval(
                metric,
                truth,
                ours,
                theirs,
                int(values.get("resamples", RESAMPLES)),
                float(values.get("confidence", CONFIDENCE)),
                int(values.get("seed", 0)),
            )
        except Problem as problem:
            return _unevaluated(text, str(problem), n=n)
        return _better(row, (low, high), values)

    def _signature(self, text: str, _values: dict[str, Any]) -> Iterator[Row]:
        if self.champion is None:
            reason = "there is no version in the stage to compare with"
            yield _unevaluated(text, reason, blocks=False)
            return
        ours, theirs = self.candidate.inputs, self.champion.inputs
        if ours is None:
            yield Row(text, FAILED, "none", reason=f"{self.candidate.label} has no signature")
        elif theirs is None:
            reason = f"{self.champion.label}, the champion, has no signature"
            yield _unevaluated(text, reason, blocks=False)
        else:
            refused = signature.refusals(ours, theirs)
            reason = listed(refused, 3) if refused else ""
            yield Row(text, FAILED if refused else PASSED, reason=reason)

    def _example(self, text: str, _values: dict[str, Any]) -> Iterator[Row]:
        try:
            self.candidate.answer_example()
        except Problem as problem:
            yield Row(text, FAILED, reason=str(problem))
        else:
            yield Row(text, PASSED)

    def _p95(self, text: str, values: dict[str, Any]) -> Iterator[Row]:
        most = float(values["p95_ms"])
        if "data" in values or "dataset" in values:
            frame = self.candidate.accepted(self._hold_out(values))
        else:
            frame = self.candidate.example()
            if not isinstance(frame, pd.DataFrame):
                label = self.candidate.label
                raise Problem(f"{label} has no table as input example: give the rule data.")
        value = self.candidate.p95(frame)
        self.measures.append(Measure("p95_ms", value, None))
        reason = "" if value <= most else f"above {most:g}"
        yield Row(text, FAILED if reason else PASSED, value, reason=reason)

    def _size(self, text: str, values: dict[str, Any]) -> Iterator[Row]:
        most, value = float(values["max_size_mb"]), self.candidate.megabytes
        self.measures.append(Measure("size_mb", value, None))
        reason = "" if value <= most else f"above {most:g}"
        yield Row(text, FAILED if reason else PASSED, value, reason=reason)

    def _tag(self, text: str, values: dict[str, Any]) -> Iterator[Row]:
        name, wanted = str(values["tag"]), values.get("value")
        has = self.entry.tags.get(name)
        reason = "" if has else f"{self.candidate.label} has no tag {name}"
        if has and wanted is not None and has != wanted:
            reason = f"it is not {wanted}"
        yield Row(text, FAILED if reason else PASSED, (has or "")[:80], reason=reason)

    def _description(self, text: str, _values: dict[str, Any]) -> Iterator[Row]:
        is_there = bool((self.entry.description or "").strip())
        reason = "" if is_there else f"{self.candidate.label} has no description"
        yield Row(text, PASSED if is_there else FAILED, reason=reason)

    def _approval(self, text: str, values: dict[str, Any]) -> Iterator[Row]:
        name = str(values["approved_by"])
        said = self.entry.tags.get(name, "")
        reason = "" if said == "approved" else f"the tag {name}=approved is missing"
        outcome = FAILED if reason else PASSED
        yield Row(text, outcome, said[:80], reason=reason)

    def _hold_out(self, values: dict[str, Any]) -> HoldOut:
        """Read what a rule names, once for all rules that name the same."""
        asked = ("data", "dataset", "target", "rows", "seed")
        key = tuple(values.get(each) for each in asked)
        if key not in self._read:
            try:
                read = holdout.read(values, self.folder, self.client, self.run_id)
            except Problem as problem:
                self._read[key] = problem
                raise
            if read.remark and read.remark not in self.remarks:
                self.remarks.append(read.remark)
            self._read[key] = read
        found = self._read[key]
        if isinstance(found, Problem):
            raise found
        return found


def _slices(rows: HoldOut, column: str | None) -> Iterator[tuple[str, Any]]:
    """Return each value of a column with which rows have it; all rows where none is named."""
    if column is None:
        yield "", None
        return
    if column not in rows.frame.columns:
        has = listed(map(str, rows.frame.columns))
        raise Problem(f"{rows.path.name} has no column {column!r} to slice by; it has {has}.")
    values = rows.frame[column].astype("object").where(rows.frame[column].notna(), "(missing)")
    found = sorted(values.unique(), key=str)
    if len(found) > MOST_SLICES:
        raise Problem(f"{column} has {len(found):,} values; a slice may have {MOST_SLICES}.")
    for value in found:
        yield str(value)[:60], (values == value).to_numpy()


def _within(value: float, values: dict[str, Any]) -> tuple[str, str]:
    if value != value:  # noqa: PLR0124 - NaN
        return FAILED, "it is NaN"
    if "min" in values and value < values["min"]:
        return FAILED, f"below {values['min']:g}"
    if "max" in values and value > values["max"]:
        return FAILED, f"above {values['max']:g}"
    return PASSED, ""


def _better(row: Row, bounds: tuple[float, float], values: dict[str, Any]) -> Row:
    """Decide whether the candidate is better by the margin, and not by chance.

    A margin below 0 allows it to be worse by as much: then the interval has to lie above that.
    """
    low, high = bounds
    margin, difference = float(values["better_by"]), float(row.candidate) - float(row.champion)  # type: ignore[arg-type]
    if values.get("lower_is_better"):
        low, high, difference = -high, -low, -difference
    row.low, row.high = low, high
    if row.outcome == FAILED:
        return row
    if difference < margin:
        row.outcome, row.reason = FAILED, f"better by {difference:.4g}, not by {margin:g}"
    elif low <= min(margin, 0.0):
        row.outcome = FAILED
        row.reason = f"better by {difference:.4g}, which may be chance: {low:.4g} to {high:.4g}"
    return row


def _unevaluated(text: str, reason: str, *, n: int | None = None, blocks: bool = True) -> Row:
    return Row(text, NOT_EVALUATED, n=n, reason=reason, blocks=blocks)
