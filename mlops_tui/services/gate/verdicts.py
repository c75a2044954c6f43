"""The verdict of a gate, as its validation run holds it."""

import json
from collections.abc import Mapping
from math import isnan

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.gate.rules import parse_rules
from mlops_tui.domain.gate.verdict import (
    Measured,
    Outcome,
    RuleResult,
    Verdict,
    VerdictNote,
    note_of,
)
from mlops_tui.domain.json_text import Json
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts.artifacts import read_artifact
from mlops_tui.services.runs.runs import runs_of_job
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client

TABLE = "gate/rules.json"
"""The artifact with one row for each rule, as ``mlflow.log_table`` writes it."""
REMARK_TAG, VERDICT_TAG = "mlops_tui.remark", "mlops_tui.verdict"
CHAMPION_TAG = "mlops_tui.champion"
LARGEST = 1_000_000
"""Characters of it that are read."""


@translated()
def read_verdict(store: Store, version: ModelVersion, stage: Stage) -> Verdict:
    """Return the verdict that a version's tag names. Raises ``NotFound`` where there is none."""
    note = note_of(version, stage)
    if note is None:
        raise NotFound(
            f"The gate of {version.name} v{version.version} for {stage} has not been run."
        )
    run = client(store).get_run(note.run_id)
    return _verdict(store, version, stage, note, run.data.tags)


@translated()
def read_trial(
    store: Store, version: ModelVersion, stage: Stage, text: str, job_id: str
) -> Verdict:
    """Return the verdict of a job that checked other rules; the version knows nothing of it."""
    run = next((each for each in runs_of_job(store, job_id) if VERDICT_TAG in each.tags), None)
    if run is None:
        raise NotFound(f"The job {job_id} left no verdict.")
    note = VerdictNote(
        run.tags[VERDICT_TAG],
        run.run_id,
        parse_rules(text).digest,
        run.tags.get(CHAMPION_TAG, ""),
        run.ended_at or run.started_at or 0,
    )
    return _verdict(store, version, stage, note, run.tags)


def _verdict(
    store: Store, version: ModelVersion, stage: Stage, note: VerdictNote, tags: Mapping[str, str]
) -> Verdict:
    table = read_artifact(store, note.run_id, TABLE, limit=LARGEST)
    return Verdict(
        model=version.name,
        version=version.version,
        stage=stage,
        status=note.status,
        run_id=note.run_id,
        champion=note.champion,
        rules_digest=note.rules_digest,
        at=note.at,
        results=_results(note.run_id, table.text),
        remarks=tuple(filter(None, [tags.get(REMARK_TAG, "")])),
    )


def _results(run_id: str, text: str) -> tuple[RuleResult, ...]:
    try:
        found = json.loads(text)
        return tuple(
            _result(dict(zip(found["columns"], row, strict=True))) for row in found["data"]
        )
    except (ValueError, TypeError, LookupError, OverflowError, RecursionError):
        raise ServiceError(
            f"{TABLE} of run {run_id} holds no verdict.", "Run the gate again."
        ) from None


def _result(row: Mapping[str, Json]) -> RuleResult:
    n = _number(row.get("n"))
    return RuleResult(
        rule=str(row["rule"]),
        outcome=Outcome(str(row["outcome"])),
        candidate=_measured(row.get("candidate")),
        champion=_measured(row.get("champion")),
        limit=str(row.get("limit") or ""),
        n=None if n is None else int(n),
        low=_number(row.get("low")),
        high=_number(row.get("high")),
        reason=str(row.get("reason") or ""),
        is_blocking=bool(row.get("blocks")),
        number=int(_number(row.get("number")) or 0),
    )


def _measured(value: Json) -> Measured:
    return value if isinstance(value, str) else _number(value)


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float) or isnan(value):
        return None
    return float(value)
