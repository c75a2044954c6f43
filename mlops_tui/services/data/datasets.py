"""The data sets that runs were given, their versions, and the way from a model to its data."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from mlops_tui.domain.data.dataset_version import (
    DatasetList,
    DatasetVersion,
    DatasetVersions,
    Key,
    TrainedModel,
    column_count,
    datasets_of_versions,
    is_trained_on,
    row_count,
    versions_of_uses,
)
from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.runs.run import DatasetInput
from mlops_tui.domain.store import Store
from mlops_tui.services.data import dataset_pages, dataset_tables
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.runs.mlflow_run import dataset_of
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists, registry_client

if TYPE_CHECKING:
    from mlflow import MlflowClient

MOST_VERSIONS = 200
"""Versions of one data set that are described: those used last."""

OF_NEWEST = f"From the newest {dataset_pages.MOST:,} runs that were given data; older not shown."
OF_NEWEST_MODELS = f"Models: the newest {dataset_pages.VERSIONS:,} versions."

Described = Mapping[Key, tuple[str, str, str]]


@translated()
def list_datasets(store: Store) -> DatasetList:
    """Return every data set that an active run was given, the one used last first."""
    if not exists(store):
        return DatasetList()
    versions, _, remark = _read(store, client(store), None)
    return DatasetList(datasets_of_versions(versions), remark)


@translated()
def versions_of(store: Store, name: str) -> DatasetVersions:
    """Return the versions of a data set with source, rows and columns, the one used last first."""
    if not exists(store):
        return DatasetVersions()
    mlflow_client = client(store)
    versions, told, remark = _read(store, mlflow_client, name)
    shown = versions[:MOST_VERSIONS]
    if told is None:
        told = dataset_tables.describe(mlflow_client, name, [each.digest for each in shown])
    if len(versions) > len(shown):
        left = f"The {len(shown):,} versions used last of {len(versions):,}."
        remark = f"{left} {remark}".strip()
    return DatasetVersions(tuple(_described(each, told) for each in shown), remark)


@translated()
def find_version(store: Store, name: str, digest: str = "") -> DatasetVersion:
    """Return a version by the beginning of its digest; without one, the version used last.

    Raises ``NotFound`` where there is none, or where two begin alike.
    """
    versions = versions_of(store, name).versions
    found = [each for each in versions if each.digest.startswith(digest)]
    exact = [each for each in found if each.digest == digest]
    if not versions:
        raise NotFound(f"No run was given a data set named {name!r}.", "mlops-tui data list.")
    if not found:
        raise NotFound(
            f"{name} has no version whose digest begins with {digest!r}.",
            f"mlops-tui data show {name!r} lists them.",
        )
    if digest and not exact and len(found) > 1:
        alike = ", ".join(each.digest for each in found[:3])
        raise NotFound(f"{len(found)} versions of {name} begin with {digest!r}: {alike}.")
    return (exact or found)[0]


@translated()
def datasets_of_model(store: Store, model: str, version: str) -> tuple[DatasetInput, ...]:
    """Return the data sets of the run that a registered version came from, training data first.

    Raises ``NotFound`` where it came from no run, or its run was given none.
    """
    registry = registry_client(store)
    if registry is None:
        raise NotFound(f"There is no registry at {store.label}.")
    title, run_id = f"{model} v{version}", registry.get_model_version(model, version).run_id
    if not run_id:
        raise NotFound(f"{title} came from no run, so that its data are not known.")
    run = client(store).get_run(run_id)
    inputs = [dataset_of(each) for each in (run.inputs.dataset_inputs if run.inputs else ())]
    if not inputs:
        raise NotFound(
            f"The run of {title} has logged no data set.",
            "Its code can call mlflow.log_input(dataset).",
        )
    return tuple(sorted(inputs, key=lambda each: not is_trained_on(each.context)))


@translated()
def dataset_input(store: Store, name: str, digest: str) -> DatasetInput:
    """Return a version with its whole schema and profile; raises ``NotFound``."""
    if exists(store):
        mlflow_client = client(store)
        told = (
            dataset_tables.describe(mlflow_client, name, [digest])
            if dataset_tables.can_read(mlflow_client)
            else _told(_newest(store, mlflow_client, name)[0])
        )
        if (name, digest) in told:
            source, schema, profile = told[name, digest]
            return DatasetInput(name, digest, "", source, "", schema, profile)
    raise NotFound(f"No run was given {name} with the digest {digest}.")


def _read(
    store: Store, mlflow_client: "MlflowClient", name: str | None
) -> tuple[list[DatasetVersion], Described | None, str]:
    """Return the versions, what describes them where that came along, and what is left out."""
    models: Mapping[Key, Sequence[TrainedModel]]
    told: Described | None = None
    is_all, has_all_models = True, True
    is_database = dataset_tables.can_read(mlflow_client)
    if is_database and store.registry_uri in ("", store.tracking_uri):
        uses = dataset_tables.read_uses(mlflow_client, name)
        models = dataset_tables.read_models(mlflow_client)
    else:
        by_run, has_all_models = dataset_pages.models_by_run(mlflow_client)
        if is_database:
            uses = dataset_tables.read_uses(mlflow_client, name)
            models = dataset_tables.read_models_of(mlflow_client, by_run)
        else:
            given, is_all = _newest(store, mlflow_client, name)
            uses, told = dataset_pages.uses_of(given), _told(given)
            models = dataset_pages.trained_on(given, by_run)
    remarks = ("" if is_all else OF_NEWEST, "" if has_all_models else OF_NEWEST_MODELS)
    return versions_of_uses(uses, models), told, " ".join(filter(None, remarks))


def _newest(
    store: Store, mlflow_client: "MlflowClient", name: str | None
) -> tuple[list[dataset_pages.Given], bool]:
    experiments = [each.experiment_id for each in list_experiments(store)]
    if not experiments:
        return [], True
    return dataset_pages.newest_inputs(mlflow_client, experiments, name)


def _told(given: list[dataset_pages.Given]) -> Described:
    """Return what the newest run says of each version."""
    return {
        (each.name, each.digest): (each.source, each.schema, each.profile)
        for _, each in reversed(given)
    }


def _described(version: DatasetVersion, told: Described) -> DatasetVersion:
    source, schema, profile = told.get(version.key, ("", "", ""))
    return replace(version, source=source, rows=row_count(profile), columns=column_count(schema))
