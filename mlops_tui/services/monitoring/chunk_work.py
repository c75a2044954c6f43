"""Works out a chunk: drift of its columns and predictions, estimated and realised performance."""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.drift.drift_report import DriftReport, FeatureDrift
from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.chunking import Chunk
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.drift.comparison import compare
from mlops_tui.services.drift.summary import Summary
from mlops_tui.services.drift.tables import summarise
from mlops_tui.services.monitoring.chunk_table import PROBABILITY, TakenApart, taken_apart
from mlops_tui.services.monitoring.label_book import label_column
from mlops_tui.services.monitoring.model_answers import AskedModel
from mlops_tui.services.monitoring.performance import Performance, performance_of
from mlops_tui.services.monitoring.reference_rows import Reference, as_label

if TYPE_CHECKING:
    import pyarrow as pa

PREDICTION = "prediction"
FEWEST_LABELS = 30
"""Labels of a chunk below which nothing is said of its realised performance."""


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A chunk that was worked out, with the rows that are to be kept for later labels."""

    result: ChunkResult
    rows: "pa.Table"


class ChunkWork:
    """Compares chunks of one version with its reference."""

    def __init__(self, plan: MonitorPlan, asked: AskedModel, reference: Reference) -> None:
        self._plan = plan
        self._asked = asked
        self._reference = reference
        self._summary = _only(summarise([reference.parts.inputs]), plan.columns)
        self._performance: Performance | None = performance_of(plan.metric, reference)
        self._is_class = self._performance.is_class if self._performance else True
        predictions = reference.parts.predictions
        self._predictions = None if predictions is None else self._summary_of(predictions)

    def work_out(
        self, number: int, chunk: Chunk, table: "pa.Table", labels: Mapping[str, Json]
    ) -> WorkedOut:
        """Return the result of a chunk from its rows, with the labels known so far."""
        parts, remarks = self._answered(self._renamed(taken_apart(table, self._plan)))
        report = self._drift(parts.inputs, chunk.count)
        if not report.features:
            remarks.append("it has none of the columns of the reference")
        if report.missing:
            remarks.append(f"columns are missing: {_listed(report.missing)}")
        if report.looked_at_current < chunk.count:
            remarks.append(f"{report.looked_at_current:,} of {chunk.count:,} rows were looked at")
        prediction = self._prediction_drift(parts)
        result = ChunkResult(
            number=number,
            begins_at=chunk.begins_at,
            ends_at=chunk.ends_at,
            rows=chunk.count,
            labels=0,
            drift=report,
            prediction_drift=prediction,
            remark="; ".join(filter(None, [chunk.remark, *remarks])),
            columns=len(report.features),
            columns_drifted=len(report.drifted_features),
        )
        kept = _kept(table, parts)
        return WorkedOut(self.with_labels(result, kept, labels), kept)

    def with_labels(
        self, result: ChunkResult, rows: "pa.Table", labels: Mapping[str, Json]
    ) -> ChunkResult:
        """Return a result with estimated and realised performance by the labels known now."""
        parts = taken_apart(rows, replace(self._plan, prediction=PREDICTION))
        found = self._performance
        truth = _truth(parts, labels)
        known = [place for place, each in enumerate(truth) if each is not None]
        result = replace(result, labels=len(known))
        if found is not None and parts.predictions is not None:
            predicted = found.values(parts.predictions)
            estimated = found.estimate(parts.probabilities, predicted)
            realised = gap = None
            is_concept = False
            if len(known) >= min(FEWEST_LABELS, result.rows):
                some = predicted[known]
                realised = found.realise([truth[place] for place in known], some)
                here = found.estimate(_at(parts.probabilities, known), some)
                if realised is not None and here is not None:
                    gap = realised.value - here.value
                    is_concept = realised.upper < here.lower or realised.lower > here.upper
            n = realised.n if realised else result.rows
            result = replace(
                result,
                estimated=estimated,
                realised=realised,
                band=found.band(n),
                concept_gap=gap,
                is_concept_drift=is_concept,
                metric=found.metric,
                lower_is_better=found.lower_is_better,
            )
        drifted = result.prediction_drift is not None and result.prediction_drift.drifted
        bad = result.is_falling or result.is_concept_drift
        return replace(result, alarm=result.drift.drifted or drifted or bad)

    def _drift(self, inputs: "pa.Table", count: int) -> DriftReport:
        current = summarise([inputs], like=self._summary, is_typed=False)
        shared = [name for name in self._summary.columns if name in current.columns]
        report = compare(self._summary, current, self._plan.limits)
        wanted = set(self._plan.columns)
        extra = () if wanted else report.additional
        return replace(report, rows_current=count, additional=extra) if shared else report

    def _prediction_drift(self, parts: TakenApart) -> FeatureDrift | None:
        if parts.predictions is None or self._predictions is None:
            return None
        current = self._summary_of(parts.predictions, like=self._predictions)
        report = compare(self._predictions, current, self._plan.limits)
        return next(iter(report.features), None)

    def _summary_of(self, values: Any, like: Summary | None = None) -> Summary:
        import pyarrow as pa

        if self._is_class:
            texts = [None if each is None else as_label(each) for each in values.to_pylist()]
            values = pa.array(texts, pa.string())
        return summarise([pa.table({PREDICTION: values})], like=like, is_typed=self._is_class)

    def _renamed(self, parts: TakenApart) -> TakenApart:
        """Return the inputs by the names of the reference where they came as a bare matrix."""
        known, given = self._reference.parts.inputs.column_names, parts.inputs.column_names
        if len(known) == len(given) and all(name.isdecimal() for name in given):
            return replace(parts, inputs=parts.inputs.rename_columns(known))
        return parts

    def _answered(self, parts: TakenApart) -> tuple[TakenApart, list[str]]:
        """Return the parts with predictions and probabilities, computed where they are missing."""
        parts = self._from_captured(parts)
        needs = self._reference.has_probabilities and parts.probabilities is None
        if parts.predictions is not None and not needs:
            return parts, []
        try:
            told = self._asked.answers(parts.inputs)
        except ServiceError as error:
            return parts, [error.message.rstrip(".")]
        found = taken_apart(told, self._plan)
        predictions = found.predictions if parts.predictions is None else parts.predictions
        return replace(parts, predictions=predictions, probabilities=found.probabilities), []

    def _from_captured(self, parts: TakenApart) -> TakenApart:
        """Take probabilities out of answers that are lists of them."""
        import numpy as np
        import pyarrow as pa

        classes, answered = self._reference.classes, parts.predictions
        if answered is None or not classes or not len(answered):
            return parts
        rows = []
        with suppress(ValueError, TypeError, RecursionError):
            rows = [json.loads(each) for each in answered.to_pylist()]
        if not rows or not all(isinstance(r, list) and len(r) == len(classes) for r in rows):
            return parts
        found = np.asarray(rows, float)
        if not np.isfinite(found).all() or not np.allclose(found.sum(axis=1), 1, atol=0.01):
            return parts
        labels = [classes[place] for place in found.argmax(axis=1)]
        predictions = pa.chunked_array([pa.array(labels)])
        return replace(parts, predictions=predictions, probabilities=found)


def _only(summary: Summary, columns: Sequence[str]) -> Summary:
    if not columns:
        return summary
    try:
        return summary.only(columns)
    except InvalidInput as error:
        raise InvalidInput(f"The reference cannot be used: {error.message}", error.hint) from None


def _truth(parts: TakenApart, labels: Mapping[str, Json]) -> list[str | None]:
    """Return the label of each row: that of its request, else that in the rows themselves."""
    count = parts.inputs.num_rows
    own = [None] * count if parts.truth is None else parts.truth.to_pylist()
    found = [None if each is None else as_label(each) for each in own]
    if parts.ids is not None and labels:
        told = label_column(parts.ids, parts.places, parts.sizes, labels).to_pylist()
        found = [late if late is not None else each for late, each in zip(told, found, strict=True)]
    return found


def _kept(table: "pa.Table", parts: TakenApart) -> "pa.Table":
    """Return the rows with what was computed of them, under our names."""
    import pyarrow as pa

    kept = table
    if parts.predictions is not None:
        if PREDICTION in kept.column_names:
            kept = kept.drop_columns([PREDICTION])
        kept = kept.append_column(PREDICTION, parts.predictions)
    if parts.probabilities is not None and f"{PROBABILITY}0" not in kept.column_names:
        for number in range(parts.probabilities.shape[1]):
            values = pa.array(parts.probabilities[:, number])
            kept = kept.append_column(f"{PROBABILITY}{number}", values)
    return kept


def _at(values: Any, places: Sequence[int]) -> Any:
    return None if values is None else values[list(places)]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""  # noqa: PLR2004 - a line
    return ", ".join(one_line(name, 40) for name in names[:5]) + more
