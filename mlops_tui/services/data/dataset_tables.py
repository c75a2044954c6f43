"""The uses of data sets, read from the tables of a database: a group for each version."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.data.dataset_version import (
    DatasetUse,
    Key,
    TrainedModel,
    is_trained_on,
)
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.mlflow_internals import sessions_of, tables
from mlops_tui.services.runs.mlflow_run import CONTEXT_TAG

if TYPE_CHECKING:
    from mlflow import MlflowClient

DELETED = "Deleted_Internal"
"""The stage of a version that was deleted: MLflow keeps its row."""

AT_ONCE = 500
"""Digests, or runs, named in one query."""

Models = dict[Key, list[TrainedModel]]
Described = dict[Key, tuple[str, str, str]]
"""Source, schema and profile of versions."""


def can_read(mlflow_client: "MlflowClient") -> bool:
    """Return whether the store is a database whose tables are known."""
    return sessions_of(mlflow_client) is not None


def read_uses(mlflow_client: "MlflowClient", name: str | None = None) -> list[DatasetUse]:
    """Return the uses by active runs of all data sets, or of those of one name.

    All of them are joined here: a database may join so many rows without an index for it.
    """
    with gc_paused(), sessions_of(mlflow_client)() as session:
        datasets = _datasets(session, name)
        found: dict[tuple[str, str, str, str], list[int]] = {}
        given = _given_to_runs(session, None if name is None else list(datasets))
        for dataset_id, context, started in given:
            if dataset_id not in datasets:
                continue
            times = found.setdefault((*datasets[dataset_id], context), [0, started, started])
            times[0] += 1
            times[1], times[2] = min(times[1], started), max(times[2], started)
    return [
        DatasetUse(name_, digest, kind, context, count, first or None, last or None)
        for (name_, digest, kind, context), (count, first, last) in found.items()
    ]


def _datasets(session: Any, name: str | None) -> dict[str, tuple[str, str, str]]:
    """Return name, digest and type of source of the data sets by their id."""
    from sqlalchemy import select

    dataset = tables().datasets
    kind = dataset.dataset_source_type
    wanted: Any = select(dataset.dataset_uuid, dataset.name, dataset.digest, kind)
    wanted = wanted if name is None else wanted.where(dataset.name == name)
    return {row[0]: (row[1], row[2], row[3] or "") for row in session.execute(wanted)}


def _given_to_runs(
    session: Any, dataset_ids: Sequence[str] | None
) -> Iterator[tuple[str, str, int]]:
    """Yield data set, context and start of each active run that was given one of these, or any."""
    from sqlalchemy import select

    read = tables()
    run, tag, given = read.runs, read.input_tags, read.inputs
    if dataset_ids is not None:
        for start in range(0, len(dataset_ids), AT_ONCE):
            wanted: Any = (
                select(given.source_id, tag.value, run.start_time)
                .select_from(_given(read))
                .where(*_of_runs(read), given.source_id.in_(dataset_ids[start : start + AT_ONCE]))
                .where(run.lifecycle_stage == "active")
            )
            for dataset_id, context, started in session.execute(wanted):
                yield dataset_id, context or "", started or 0
        return
    starts = select(run.run_uuid, run.start_time).where(run.lifecycle_stage == "active")
    started_at = dict(session.execute(starts).all())
    named = select(tag.input_uuid, tag.value).where(tag.name == CONTEXT_TAG)
    contexts = dict(session.execute(named).all())
    uses = select(given.source_id, given.destination_id, given.input_uuid).where(*_of_runs(read))
    for dataset_id, run_id, input_id in session.execute(uses):
        if run_id in started_at:
            yield dataset_id, contexts.get(input_id, ""), started_at[run_id] or 0


def read_models(mlflow_client: "MlflowClient") -> Models:
    """Return the registered versions of the same database that were trained on each version."""
    from sqlalchemy import select

    read = tables()
    version, dataset, tag, given = read.model_versions, read.datasets, read.input_tags, read.inputs
    wanted: Any = (
        select(dataset.name, dataset.digest, tag.value, version.name, version.version)
        .select_from(
            _given(read).join(version.run_id.table, version.run_id == given.destination_id)
        )
        .where(*_of_runs(read), version.current_stage != DELETED)
        .order_by(version.name, version.version.desc())
    )
    found: Models = defaultdict(list)
    with sessions_of(mlflow_client)() as session:
        for name, digest, context, model, number in session.execute(wanted):
            if is_trained_on(context or ""):
                found[name, digest].append(TrainedModel(model, str(number)))
    return found


def read_models_of(
    mlflow_client: "MlflowClient", by_run: Mapping[str, Sequence[TrainedModel]]
) -> Models:
    """Return the same for registered versions of another store, given by the run they came from."""
    from sqlalchemy import select

    read = tables()
    dataset, tag, given = read.datasets, read.input_tags, read.inputs
    found: Models = defaultdict(list)
    runs = list(by_run)
    with sessions_of(mlflow_client)() as session:
        for start in range(0, len(runs), AT_ONCE):
            piece = given.destination_id.in_(runs[start : start + AT_ONCE])
            wanted: Any = (
                select(given.destination_id, dataset.name, dataset.digest, tag.value)
                .select_from(_given(read))
                .where(*_of_runs(read), piece)
            )
            for run_id, name, digest, context in session.execute(wanted):
                if is_trained_on(context or ""):
                    found[name, digest].extend(by_run[run_id])
    return found


def describe(mlflow_client: "MlflowClient", name: str, digests: Sequence[str]) -> Described:
    """Return source, schema and profile of these versions of a data set."""
    from sqlalchemy import select

    dataset = tables().datasets
    told = (dataset.dataset_source, dataset.dataset_schema, dataset.dataset_profile)
    found: Described = {}
    with sessions_of(mlflow_client)() as session:
        for start in range(0, len(digests), AT_ONCE):
            piece = digests[start : start + AT_ONCE]
            wanted: Any = select(dataset.digest, *told).where(
                dataset.name == name, dataset.digest.in_(piece)
            )
            for digest, source, schema, profile in session.execute(wanted):
                found[name, digest] = source or "", schema or "", profile or ""
    return found


def _given(read: Any) -> Any:
    """Return what joins the inputs with their data sets, runs and contexts."""
    from sqlalchemy import and_

    given, dataset, run, tag = read.inputs, read.datasets, read.runs, read.input_tags
    of_context = and_(tag.input_uuid == given.input_uuid, tag.name == CONTEXT_TAG)
    return (
        given.source_id.table.join(
            dataset.dataset_uuid.table, dataset.dataset_uuid == given.source_id
        )
        .join(run.run_uuid.table, run.run_uuid == given.destination_id)
        .outerjoin(tag.input_uuid.table, of_context)
    )


def _of_runs(read: Any) -> tuple[Any, Any]:
    given = read.inputs
    return given.source_type == "DATASET", given.destination_type == "RUN"
