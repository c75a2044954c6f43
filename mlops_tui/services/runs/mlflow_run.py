"""A run of MLflow's as one of ours."""

from typing import TYPE_CHECKING

from mlops_tui.domain.runs.run import DatasetInput, Run, RunStatus
from mlops_tui.services.metrics.metric_value import restored
from mlops_tui.services.mlflow_internals import last_points

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
        # Clients that do not know when a run began or ended send 0.
        started_at=info.start_time or None,
        # A resumed run keeps the end that it had before.
        ended_at=None if is_running else info.end_time or None,
        metrics={key: restored(value) for key, value in data.metrics.items()},
        params=dict(data.params),
        tags=dict(data.tags),
        user=info.user_id or "",
        artifact_uri=info.artifact_uri or "",
        is_deleted=info.lifecycle_stage == "deleted",
        last_metric_at=_last_metric_at(found) if is_running else None,
        last_step=max((point.step for point in last_points(data) or ()), default=None),
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
    inputs = list(found.inputs.dataset_inputs) if found.inputs else []
    inputs.sort(key=lambda each: not any(_is_for_training(tag) for tag in each.tags))
    return {each.dataset.name: each.dataset.digest for each in inputs}


def _is_for_training(tag: "entities.InputTag") -> bool:
    return tag.key == CONTEXT_TAG and tag.value.startswith("train")


def _last_metric_at(found: "entities.Run") -> int | None:
    """Return when the youngest of the last values was logged."""
    points = last_points(found.data)
    if points is None:
        from mlflow import MlflowClient

        # The public mapping has no times. The global client is that of the store.
        histories = MlflowClient().get_metric_history
        points = [
            point for key in found.data.metrics for point in histories(found.info.run_id, key)
        ]
    return max((point.timestamp for point in points), default=None)
