"""A run of MLflow's as one of ours."""

from typing import TYPE_CHECKING

from mlops_tui.domain.runs.run import DatasetInput, Run, RunStatus
from mlops_tui.services.metrics.metric_value import restored

if TYPE_CHECKING:
    from mlflow import entities

CONTEXT_TAG = "mlflow.data.context"


def run_of(found: "entities.Run") -> Run:
    """Return what is shown of a run, with the names of its data sets."""
    info, data = found.info, found.data
    is_running = info.status == RunStatus.RUNNING
    return Run(
        run_id=info.run_id,
        experiment_id=info.experiment_id,
        name=info.run_name or "",
        status=RunStatus(info.status),
        started_at=info.start_time,
        # A resumed run keeps the end that it had before.
        ended_at=None if is_running else info.end_time,
        metrics={key: restored(value) for key, value in data.metrics.items()},
        params=dict(data.params),
        tags=dict(data.tags),
        user=info.user_id or "",
        artifact_uri=info.artifact_uri or "",
        is_deleted=info.lifecycle_stage == "deleted",
        last_metric_at=_last_metric_at(data) if is_running else None,
        datasets=_digests(found),
    )


def dataset_of(found: "entities.DatasetInput") -> DatasetInput:
    """Return a data set that was logged to a run."""
    dataset = found.dataset
    tags = {tag.key: tag.value for tag in found.tags}
    return DatasetInput(
        name=dataset.name,
        digest=dataset.digest,
        source_type=dataset.source_type,
        source=dataset.source,
        context=tags.get(CONTEXT_TAG, ""),
        schema=dataset.schema or "",
        profile=dataset.profile or "",
    )


def _digests(found: "entities.Run") -> dict[str, str]:
    inputs = found.inputs.dataset_inputs if found.inputs else []
    return {each.dataset.name: each.dataset.digest for each in inputs}


def _last_metric_at(data: "entities.RunData") -> int | None:
    """Return when the youngest of the last values was logged; it came along with them."""
    points = data._metric_objs  # noqa: SLF001 - the public mapping has no times
    return max((point.timestamp for point in points), default=None)
