"""Monitors with chunks in MLflow, as their process writes them."""

import time
from collections.abc import Iterable
from dataclasses import replace

from mlops_tui.domain.drift.drift_report import DriftReport, by_severity
from mlops_tui.domain.monitoring.alert import Alert, AlertKind
from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval
from mlops_tui.domain.monitoring.monitor import ChunkSize, MonitorPlan, SourceKind
from mlops_tui.domain.store import Store
from mlops_tui.services.monitoring import monitor_runs
from mlops_tui.services.monitoring.monitor_runs import ALERTS, MonitorRun, alerts_text
from tests.tui.monitoring.test_feature_cells import AGE, CITY

MODEL = "[red]churn"
PLAN = MonitorPlan(
    "0123456789ab",
    f"{MODEL}@champion",
    MODEL,
    "3",
    follows="@champion",
    source=SourceKind.FILES,
    path="/nowhere",
    chunk=ChunkSize(rows=1_000),
    metric="accuracy",
)
BEGIN, LENGTH = 1_790_000_000_000, 600_000
STILL = replace(AGE, drifted=False, effect=0.03)


def chunk(number: int, *, drifted: bool = False) -> ChunkResult:
    """Return a chunk in which the age has moved, or not; with drift the accuracy falls."""
    features = by_severity((AGE if drifted else STILL, CITY))
    found = 0.8 if drifted else 0.9
    return ChunkResult(
        number,
        BEGIN + number * LENGTH,
        BEGIN + (number + 1) * LENGTH,
        1_000,
        200,
        DriftReport(features, 50_000, 1_000, 50_000, 1_000),
        prediction_drift=replace(CITY, name="prediction"),
        estimated=Interval(found, found - 0.01, found + 0.01, 1_000),
        realised=Interval(found, found - 0.02, found + 0.02, 200),
        band=Interval(0.9, 0.88, 0.92, 1_000),
        concept_gap=0.0,
        alarm=drifted,
        metric="accuracy",
        columns=2,
        columns_drifted=int(drifted),
    )


def write(
    store: Store, chunks: Iterable[ChunkResult], plan: MonitorPlan = PLAN, alerts: int = 0
) -> MonitorRun:
    """Write a monitor with its chunks, which has so many open alerts; return its run."""
    run = monitor_runs.open_run(store, plan, plan.version, {})
    light: list[ChunkResult] = []
    for each in chunks:
        light.append(each.light())
        monitor_runs.write_chunk(store, run, each, light, {}, None)
    now = time.time_ns() // 1_000_000
    kinds = [AlertKind.DRIFT, AlertKind.PERFORMANCE][:alerts]
    told = [Alert(f"a{kind}", kind, plan.model, now, f"{kind} in [b]it") for kind in kinds]
    monitor_runs.set_tags(store, run.run_id, {ALERTS: alerts_text(told)})
    return run
