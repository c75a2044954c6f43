"""The uses of data sets, gathered from the newest runs where only MlflowClient may be asked."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from mlops_tui.domain.data.dataset_version import DatasetUse, Key, TrainedModel, is_trained_on
from mlops_tui.domain.runs.run_filter.spelling import like
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.paging import token_text
from mlops_tui.services.runs.mlflow_run import dataset_of

if TYPE_CHECKING:
    from mlflow import MlflowClient, entities

    from mlops_tui.domain.runs.run import DatasetInput

PAGE, MOST = 500, 2_000
"""Runs asked for at once, and in all: each takes a server a millisecond and a half."""

VERSIONS = 1_000
"""Versions of registered models that are asked for, the newest."""

WITH_DATA = "dataset.name LIKE '%'"
"""MLflow's filter for the runs that were given any data set."""

Given = tuple["entities.Run", "DatasetInput"]


def newest_inputs(
    mlflow_client: "MlflowClient", experiments: Sequence[str], name: str | None = None
) -> tuple[list[Given], bool]:
    """Return the data sets that the newest runs were given, each with its run, newest run first.

    Then whether those are all the runs that were given one, or one of this ``name``.
    """
    wanted = WITH_DATA if name is None else f"dataset.name LIKE '{like(name)}'"
    found: list[Given] = []
    token: str | None = None
    for _ in range(MOST // PAGE):
        with gc_paused():
            page = mlflow_client.search_runs(
                list(experiments), wanted, max_results=PAGE, page_token=token
            )
            found += [(run, each) for run in page for each in _inputs(run, name)]
        token = token_text(page)
        if not token:
            break
    return found, not token


def uses_of(given: Iterable[Given]) -> list[DatasetUse]:
    """Return a use for each run that was given a data set."""
    return [
        DatasetUse(
            each.name,
            each.digest,
            each.source_type,
            each.context,
            1,
            run.info.start_time or None,
            run.info.start_time or None,
        )
        for run, each in given
    ]


def models_by_run(mlflow_client: "MlflowClient") -> tuple[Mapping[str, list[TrainedModel]], bool]:
    """Return the newest registered versions by the run they came from; then whether it is all."""
    page = mlflow_client.search_model_versions(
        max_results=VERSIONS, order_by=["creation_timestamp DESC"]
    )
    found: dict[str, list[TrainedModel]] = {}
    for version in page:
        if version.run_id:
            found.setdefault(version.run_id, []).append(
                TrainedModel(version.name, str(version.version))
            )
    return found, not token_text(page)


def trained_on(
    given: Iterable[Given], by_run: Mapping[str, list[TrainedModel]]
) -> dict[Key, list[TrainedModel]]:
    """Return the registered versions that were trained on each version of a data set."""
    found: dict[Key, list[TrainedModel]] = {}
    for run, each in given:
        if is_trained_on(each.context):
            models = by_run.get(run.info.run_id, [])
            found.setdefault((each.name, each.digest), []).extend(models)
    return found


def _inputs(run: "entities.Run", name: str | None) -> list["DatasetInput"]:
    inputs = run.inputs.dataset_inputs if run.inputs else []
    return [dataset_of(each) for each in inputs if name in (None, each.dataset.name)]
