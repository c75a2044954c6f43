"""Very many runs read from a database at once.

MLflow's client builds objects that take 0.7 ms of CPU a run; the columns alone, through the tables
that MLflow itself declares, take a twentieth of that.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.runs.run import Run, RunStatus
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.metrics.metric_value import restored
from mlops_tui.services.mlflow_internals import sessions_of, tables

if TYPE_CHECKING:
    from mlflow import MlflowClient

AT_ONCE = 1_000
"""Runs named in one query; some databases take no more than 2,100 parameters."""

Rows = dict[str, list[Any]]
"""Run id to rows of one of the tables that belong to runs."""


def run_ids_of(
    mlflow_client: "MlflowClient", experiment_id: str, *, deleted: bool = False
) -> list[str] | None:
    """Return the ids of an experiment's runs, newest first; None where no database answers."""
    sessions = sessions_of(mlflow_client)
    if sessions is None:
        return None
    from sqlalchemy import select

    stage, run = "deleted" if deleted else "active", tables().runs
    wanted: Any = (
        select(run.run_uuid)
        .where(run.experiment_id == int(experiment_id), run.lifecycle_stage == stage)
        .order_by(run.start_time.desc(), run.run_uuid)
    )
    with sessions() as session:
        return list(session.execute(wanted).scalars())


def read_many(mlflow_client: "MlflowClient", run_ids: Sequence[str]) -> tuple[Run, ...]:
    """Return these runs in their order, without those that are gone."""
    found: dict[str, Run] = {}
    with gc_paused(), sessions_of(mlflow_client)() as session:
        for start in range(0, len(run_ids), AT_ONCE):
            found |= _read(session, run_ids[start : start + AT_ONCE])
    return tuple(found[run_id] for run_id in run_ids if run_id in found)


def _read(session: Any, run_ids: Sequence[str]) -> dict[str, Run]:
    from sqlalchemy import select

    def rows(table: Any, *columns: Any) -> Iterable[Any]:
        return session.execute(select(*columns).where(table.run_uuid.in_(run_ids)))  # type: ignore[no-any-return]

    read = tables()
    run, metric, param, tag = read.runs, read.latest_metrics, read.params, read.tags
    value = (metric.value, metric.is_nan, metric.timestamp, metric.step)
    metrics = _by_run(rows(metric, metric.run_uuid, metric.key, *value))
    params = _by_run(rows(param, param.run_uuid, param.key, param.value))
    tags = _by_run(rows(tag, tag.run_uuid, tag.key, tag.value))
    datasets = _by_run(session.execute(_datasets(run_ids)))
    stretch = (run.start_time, run.end_time, run.user_id, run.artifact_uri, run.lifecycle_stage)
    one = _Interned()
    return {
        row[0]: _run(row, one, metrics[row[0]], params[row[0]], tags[row[0]], datasets[row[0]])
        for row in rows(run, run.run_uuid, run.experiment_id, run.name, run.status, *stretch)
    }


class _Interned(dict[str, str]):
    """Texts that are equal become one: params and tags repeat themselves over the runs."""

    def __missing__(self, text: str) -> str:
        self[text] = text
        return text


def _by_run(rows: Iterable[Any]) -> Rows:
    found: Rows = defaultdict(list)
    for run_id, *row in rows:
        found[run_id].append(row)
    return found


def _datasets(run_ids: Sequence[str]) -> Any:
    from sqlalchemy import select

    given, dataset = tables().inputs, tables().datasets
    return select(given.destination_id, dataset.name, dataset.digest).where(
        dataset.dataset_uuid == given.source_id,
        given.source_type == "DATASET",
        given.destination_type == "RUN",
        given.destination_id.in_(run_ids),
    )


def _run(
    row: Any,
    one: _Interned,
    metrics: list[Any],
    params: list[Any],
    tags: list[Any],
    datasets: list[Any],
) -> Run:
    run_id, experiment_id, name, status, started, ended, user, artifact_uri, stage = row
    is_running = status == RunStatus.RUNNING
    return Run(
        run_id=run_id,
        experiment_id=one[str(experiment_id)],
        name=name or "",
        status=RunStatus(status),
        started_at=started or None,
        # A resumed run keeps the end that it had before.
        ended_at=None if is_running else ended or None,
        metrics={one[k]: float("nan") if nan else restored(v) for k, v, nan, *_ in metrics},
        params={one[key]: one[value] for key, value in params},
        tags={one[key]: one[value] for key, value in tags if value is not None},
        user=one[user or ""],
        artifact_uri=artifact_uri or "",
        is_deleted=stage == "deleted",
        last_metric_at=max((m[3] for m in metrics), default=None) if is_running else None,
        last_step=max((m[4] for m in metrics), default=None),
        datasets=dict(datasets),
    )
