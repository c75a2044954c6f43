"""Data sets as JSON data and as rows of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.run_data import moment
from mlops_tui.domain.data.dataset_version import (
    column_count,
    row_count,
    source_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mlops_tui.domain.data.dataset import DatasetRun
    from mlops_tui.domain.data.dataset_version import DatasetVersion, NamedDataset, TrainedModel
    from mlops_tui.domain.runs.run import DatasetInput

LIST_COLUMNS = ("name", "versions", "runs", "used", "newest", "contexts", "source", "models")
VERSION_COLUMNS = (
    *("digest", "runs", "first used", "last used", "rows", "columns", "contexts"),
    *("source", "models"),
)
RUN_COLUMNS = ("run_id", "name", "experiment", "status", "started")
GIVEN_COLUMNS = ("name", "digest", "context", "rows", "columns", "source")


def dataset_as_dict(dataset: NamedDataset) -> dict[str, Any]:
    """Return a data set for JSON."""
    return {
        "name": dataset.name,
        "versions": dataset.versions,
        "runs": dataset.runs,
        "newest": dataset.newest,
        "first_used_at": moment(dataset.first_used_at),
        "last_used_at": moment(dataset.last_used_at),
        "contexts": list(dataset.contexts),
        "source_types": list(dataset.source_types),
        "models": _models(dataset.models),
    }


def dataset_row(dataset: NamedDataset) -> tuple[str, ...]:
    """Return a data set for a table, by ``LIST_COLUMNS``."""
    from mlops_tui.tui.kit.formatting import age

    return (
        dataset.name,
        str(dataset.versions),
        str(dataset.runs),
        age(dataset.last_used_at),
        dataset.newest,
        ", ".join(dataset.contexts),
        ", ".join(dataset.source_types),
        ", ".join(map(str, dataset.models)),
    )


def version_as_dict(version: DatasetVersion) -> dict[str, Any]:
    """Return a version of a data set for JSON."""
    return {
        "name": version.name,
        "digest": version.digest,
        "runs": version.runs,
        "first_used_at": moment(version.first_used_at),
        "last_used_at": moment(version.last_used_at),
        "rows": version.rows,
        "columns": version.columns,
        "contexts": list(version.contexts),
        "source_type": version.source_type,
        "source": version.source,
        "models": _models(version.models),
    }


def version_row(version: DatasetVersion) -> tuple[str, ...]:
    """Return a version of a data set for a table, by ``VERSION_COLUMNS``."""
    from mlops_tui.tui.kit.formatting import timestamp

    return (
        version.digest,
        str(version.runs),
        timestamp(version.first_used_at),
        timestamp(version.last_used_at),
        _count(version.rows),
        _count(version.columns),
        ", ".join(version.contexts),
        source_text(version.source),
        ", ".join(map(str, version.models)),
    )


def run_as_dict(run: DatasetRun) -> dict[str, Any]:
    """Return a run that was given a data set for JSON."""
    return {
        "run_id": run.run_id,
        "name": run.name,
        "experiment": run.experiment_name,
        "status": run.status.value,
        "started_at": moment(run.started_at),
    }


def run_row(run: DatasetRun) -> tuple[str, ...]:
    """Return a run that was given a data set for a table, by ``RUN_COLUMNS``."""
    from mlops_tui.tui.kit.formatting import timestamp

    started = timestamp(run.started_at)
    return run.run_id, run.name, run.experiment_name, run.status.value, started


def given_as_dict(given: DatasetInput) -> dict[str, Any]:
    """Return what a run was given for JSON."""
    return {
        "name": given.name,
        "digest": given.digest,
        "context": given.context,
        "rows": row_count(given.profile),
        "columns": column_count(given.schema),
        "source_type": given.source_type,
        "source": given.source,
    }


def given_row(given: DatasetInput) -> tuple[str, ...]:
    """Return what a run was given for a table, by ``GIVEN_COLUMNS``."""
    rows, columns = _count(row_count(given.profile)), _count(column_count(given.schema))
    return given.name, given.digest, given.context, rows, columns, source_text(given.source)


def _models(models: Iterable[TrainedModel]) -> list[dict[str, str]]:
    return [{"name": model.name, "version": model.version} for model in models]


def _count(number: int | None) -> str:
    return "" if number is None else str(number)
