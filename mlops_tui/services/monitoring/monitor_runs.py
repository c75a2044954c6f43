"""What monitors found out, in MLflow: one run for each version that a monitor has watched.

The step of a metric is the number of the chunk, its time the end of the chunk. A chunk counts once
the tag ``CHUNK`` names it: that is written last, in one request with the metrics. Whoever finds it
unwritten writes the same files and points again.
"""

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mlops_tui.domain import json_text
from mlops_tui.domain.errors import InvalidInput, NotFound, ServiceError
from mlops_tui.domain.experiments.experiment import KIND_TAG, MONITORING
from mlops_tui.domain.monitoring.alert import Alert, alert_of
from mlops_tui.domain.monitoring.chunk import ChunkResult, chunk_of
from mlops_tui.domain.monitoring.monitor import MonitorPlan, plan_of
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts.artifacts import read_artifact
from mlops_tui.services.monitoring.chunk_metrics import chunk_metrics
from mlops_tui.services.store import own_experiments
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, ensure, exists

if TYPE_CHECKING:
    from mlflow import MlflowClient, entities

KIND = "monitor"
TAG = "mlops_tui."
ID, PLAN, STATE, HOST, HEARD, CHUNK = (
    f"{TAG}monitor{name}" for name in ("", "_plan", "_state", "_host", "_heard_at", "_chunk")
)
VERDICT, ALERTS = f"{TAG}monitor_verdict", f"{TAG}alerts"
SEEN = f"{TAG}alert_seen."
"""Begins the tags of acknowledgements, one for each kind of alert.

The process of the monitor writes ``ALERTS`` and people write these, so that neither overwrites what
the other has just written.
"""
REVISION = f"{TAG}monitor_revision"
"""Changes with each chunk that is written, or written again."""
MODEL, VERSION = f"{TAG}model", f"{TAG}version"
STATUS, FLAGGED = "drift_status", "drift_features_flagged"
"""As MLflow's drift plugins name them."""
ON, OFF, REMOVED = "on", "stopped", "removed"
REPORT, RECENT = "drift_report.json", "chunks.json"
"""The newest chunk whole, and the newest ones without their histograms."""
MOST_RECENT = 500
LONGEST_TAG = 5_000
LARGEST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MonitorRun:
    """The run of one version that a monitor watches, or has watched."""

    run_id: str
    plan: MonitorPlan
    version: str
    state: str
    host: str
    """The machine on which the monitor was started last."""
    heard_at: int
    chunk: int
    """The number of the last chunk that counts; 0 before the first."""
    alerts: tuple[Alert, ...]
    verdict: str
    started_at: int
    revision: str = ""


_recent: dict[str, tuple[str, tuple[ChunkResult, ...]]] = {}
"""The newest chunks of a run as they were read, with the revision that they are of."""


@translated()
def list_runs(store: Store, monitor_id: str = "") -> tuple[MonitorRun, ...]:
    """Return the runs of all monitors, or of one, the one written last first; creates none."""
    if not exists(store):
        return ()
    mlflow_client = client(store)
    wanted = {KIND_TAG: KIND} | ({ID: monitor_id} if monitor_id else {})
    found = own_experiments.tagged_runs(mlflow_client, MONITORING, wanted)
    runs = [run for each in found if (run := _run_of(each)) is not None]
    return tuple(sorted(runs, key=lambda run: -_whole(run.revision)))


@translated()
def reread(store: Store, run: MonitorRun) -> MonitorRun:
    """Return a run as it is now. Raises ``NotFound`` where somebody has deleted or spoilt it."""
    found = client(store).get_run(run.run_id)
    now = _run_of(found) if found.info.lifecycle_stage == "active" else None
    if now is None:
        raise NotFound(f"The run {run.run_id} of the monitor {run.plan.title} is gone.")
    return now


def newest_runs(runs: Iterable[MonitorRun]) -> dict[str, MonitorRun]:
    """Return the run of the version that each monitor watches now, by the monitor's id."""
    found: dict[str, MonitorRun] = {}
    for run in runs:
        found.setdefault(run.plan.monitor_id, run)
    return found


@translated()
def open_run(store: Store, plan: MonitorPlan, version: str, tags: Mapping[str, str]) -> MonitorRun:
    """Return the run of a version that a monitor watches; create it where there is none."""
    ensure(store)
    for run in list_runs(store, plan.monitor_id):
        if run.version == version:
            return run
    mlflow_client = client(store)
    experiment = own_experiments.begin(store, mlflow_client, MONITORING)
    own = {KIND_TAG: KIND, ID: plan.monitor_id, PLAN: plan.as_json(), MODEL: plan.model}
    own |= {VERSION: version, STATE: ON, CHUNK: "0", REVISION: revision()}
    name = f"{plan.title} v{version}"[:200]
    made = mlflow_client.create_run(experiment, tags={**own, **tags}, run_name=name)
    # It has no process of its own: it ends with each chunk, and goes on with the next.
    mlflow_client.set_terminated(made.info.run_id, RunStatus.FINISHED)
    written = _run_of(mlflow_client.get_run(made.info.run_id))
    if written is None:
        raise ServiceError("MLflow does not give back the run of the monitor as it was written.")
    return written


@translated()
def write_chunk(
    store: Store,
    run: MonitorRun,
    chunk: ChunkResult,
    recent: Sequence[ChunkResult],
    tags: Mapping[str, str],
    position: object,
) -> None:
    """Write a chunk that was worked out; it counts when this returns, once however often it is.

    ``recent`` are the light results up to this one; ``position`` is where the next one begins.
    """
    mlflow_client = client(store)
    write_reports(mlflow_client, run, chunk, recent)
    where = json.dumps({"chunk": chunk.number, "position": position})
    mlflow_client.log_text(run.run_id, where, _position_file(chunk.number))
    metrics = _metrics(chunk, chunk.ends_at)
    told = {CHUNK: str(chunk.number), REVISION: revision(), **_drift_tags(chunk), **tags}
    _log(mlflow_client, run.run_id, metrics, told)
    mlflow_client.set_terminated(run.run_id, RunStatus.FINISHED, max(chunk.ends_at, 1))


@translated()
def rewrite_chunk(
    store: Store,
    run: MonitorRun,
    chunk: ChunkResult,
    recent: Sequence[ChunkResult],
    tags: Mapping[str, str],
    now: int,
) -> None:
    """Write a chunk again whose labels came later; the new points have the same step.

    MLflow keeps the old points beside them; the new ones are later, and so the last ones.
    """
    mlflow_client = client(store)
    write_reports(mlflow_client, run, chunk, recent)
    metrics = [
        each for each in _metrics(chunk, now) if each.key.startswith(("realised/", "concept/"))
    ]
    _log(mlflow_client, run.run_id, metrics, {REVISION: revision(), **tags})


def revision() -> str:
    """Return a text that no other write has."""
    return str(time.time_ns())


def write_reports(
    mlflow_client: "MlflowClient",
    run: MonitorRun,
    chunk: ChunkResult,
    recent: Sequence[ChunkResult],
) -> None:
    """Write the files of a chunk, and that of the newest ones."""
    text = json_text.line(chunk.as_dict())
    mlflow_client.log_text(run.run_id, text, _chunk_file(chunk.number))
    if recent and recent[-1].number == chunk.number:
        mlflow_client.log_text(run.run_id, text, REPORT)
    light: list[json_text.Json] = [each.as_dict() for each in recent[-MOST_RECENT:]]
    mlflow_client.log_text(run.run_id, json_text.line(light), RECENT)


@translated()
def set_tags(store: Store, run_id: str, tags: Mapping[str, str]) -> None:
    """Set tags of a monitor's run."""
    _log(client(store), run_id, [], dict(tags))


def read_recent(store: Store, run: MonitorRun) -> tuple[ChunkResult, ...]:
    """Return the newest chunks of a run that count, newest last, without their histograms."""
    if not run.chunk:
        return ()
    known = _recent.get(run.run_id)
    if known and run.revision and known[0] == run.revision:
        return known[1]
    found = _read_json(store, run.run_id, RECENT)
    chunks = []
    for each in found if isinstance(found, list) else []:
        with suppress(ValueError):
            chunks.append(chunk_of(each))
    counted = tuple(chunk for chunk in chunks if chunk.number <= run.chunk)
    _recent[run.run_id] = run.revision, counted
    return counted


def read_chunk(store: Store, run: MonitorRun, number: int) -> ChunkResult:
    """Return a chunk whole. Raises ``NotFound`` where it does not count."""
    if not 0 < number <= run.chunk:
        raise NotFound(f"{run.plan.title} has no chunk {number} of v{run.version}.")
    try:
        return chunk_of(_read_json(store, run.run_id, _chunk_file(number)))
    except ValueError:
        raise ServiceError(
            f"{_chunk_file(number)} of run {run.run_id} holds no chunk.", "Its curves are there."
        ) from None


def read_position(store: Store, run: MonitorRun) -> object:
    """Return where the source is read on behind the last chunk that counts; None at its begin."""
    if not run.chunk:
        return None
    found = _read_json(store, run.run_id, _position_file(run.chunk))
    if not isinstance(found, dict) or found.get("chunk") != run.chunk:
        raise ServiceError(
            f"Run {run.run_id} does not say where its chunk {run.chunk} ended.",
            "Set up a new monitor; the old one keeps what it found out.",
        )
    return found.get("position")


def alerts_text(alerts: Sequence[Alert]) -> str:
    """Return alerts as their tag holds them, the newest where there are too many."""
    kept = list(alerts)
    while len(text := json.dumps([each.as_dict() for each in kept])) > LONGEST_TAG and kept:
        kept.pop(0)
    return text


def _run_of(run: "entities.Run") -> MonitorRun | None:
    """Return what a run tells, None where somebody has spoilt its plan."""
    tags = run.data.tags
    try:
        plan = plan_of(tags.get(PLAN, ""))
    except InvalidInput:
        return None
    return MonitorRun(
        run_id=run.info.run_id,
        plan=plan,
        version=tags.get(VERSION, plan.version),
        state=tags.get(STATE, ON),
        host=tags.get(HOST, ""),
        heard_at=_whole(tags.get(HEARD, "")),
        chunk=_whole(tags.get(CHUNK, "")),
        alerts=alerts_in(tags),
        verdict=tags.get(VERDICT, ""),
        started_at=run.info.start_time or 0,
        revision=tags.get(REVISION, ""),
    )


def alerts_in(tags: Mapping[str, str]) -> tuple[Alert, ...]:
    """Return the alerts in the tags of a run, with their acknowledgements."""
    with suppress(ValueError, RecursionError):
        found = json.loads(tags.get(ALERTS, "[]"))
        if isinstance(found, list):
            alerts = [alert for each in found if (alert := alert_of(each)) is not None]
            return tuple(_with_acknowledgement(each, tags) for each in alerts)
    return ()


def acknowledgement_tag(alert: Alert, by: str) -> dict[str, str]:
    """Return the tag that says who has acknowledged an alert."""
    return {f"{SEEN}{alert.kind}": f"{alert.alert_id} {by}"}


def _with_acknowledgement(alert: Alert, tags: Mapping[str, str]) -> Alert:
    """Return an alert as acknowledged where its tag is about this episode."""
    alert_id, _, by = tags.get(f"{SEEN}{alert.kind}", "").partition(" ")
    return replace(alert, acknowledged=True, by=by) if alert_id == alert.alert_id else alert


def _drift_tags(chunk: ChunkResult) -> dict[str, str]:
    flagged = [each.name for each in chunk.drift.drifted_features]
    while len(names := json.dumps(flagged)) > LONGEST_TAG:
        flagged.pop()
    return {STATUS: "drift" if chunk.alarm else "ok", FLAGGED: names}


def _metrics(chunk: ChunkResult, at: int) -> list[Any]:
    from mlflow.entities import Metric

    return [Metric(key, value, at, chunk.number) for key, value in chunk_metrics(chunk).items()]


def _log(
    mlflow_client: "MlflowClient", run_id: str, metrics: Sequence[Any], tags: Mapping[str, str]
) -> None:
    from mlflow.entities import RunTag

    cut = [RunTag(key, value[:LONGEST_TAG]) for key, value in tags.items()]
    mlflow_client.log_batch(run_id, metrics=metrics, tags=cut)


def _read_json(store: Store, run_id: str, path: str) -> Any:
    try:
        return json.loads(read_artifact(store, run_id, path, limit=LARGEST).text)
    except (ValueError, RecursionError):
        raise ServiceError(f"{path} of run {run_id} cannot be read.") from None


def _chunk_file(number: int) -> str:
    return f"chunks/{number}.json"


def _position_file(number: int) -> str:
    """Return one of two files, in turn: that of the chunk before stays until this one counts."""
    return f"position/{'odd' if number % 2 else 'even'}.json"


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 20 else 0  # noqa: PLR2004 - of a time in ns
