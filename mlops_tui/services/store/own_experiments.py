"""Experiments of ours: each holds runs of one kind, and is found by its tag."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, ServiceError
from mlops_tui.domain.experiments.experiment import HISTORY, KIND_TAG, MONITORING
from mlops_tui.domain.store import Store, is_database, is_http
from mlops_tui.services.paging import every_page
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import artifact_root

if TYPE_CHECKING:
    from mlflow import MlflowClient, entities

NAMES = {HISTORY: "Model registry history", MONITORING: "Model monitoring"}
"""What the experiment of a kind is called; it may be renamed."""
PAGE = 1_000
ALL_LIFECYCLES = 3
"""MLflow's number (``ViewType``)."""


def find(mlflow_client: "MlflowClient", kind: str) -> str | None:
    """Return the experiment of a kind, None where there never was one.

    Raises ``Conflict`` when somebody has deleted it.
    """
    wanted = f"tags.`{KIND_TAG}` = '{kind}'"
    found = mlflow_client.search_experiments(ALL_LIFECYCLES, filter_string=wanted, max_results=2)
    active = [one for one in found if one.lifecycle_stage == "active"]
    if found and not active:
        raise Conflict(
            f"The experiment {found[0].name!r} was deleted.",
            "Restore it, and changes are recorded again.",
        )
    return str(active[0].experiment_id) if active else None


def tagged_runs(
    mlflow_client: "MlflowClient", kind: str, tags: Mapping[str, str]
) -> "Iterator[entities.Run]":
    """Yield the runs of the experiment of a kind that have these tags, newest first."""
    experiment = find(mlflow_client, kind)
    if experiment is None:
        return
    wanted = " and ".join(f"tags.`{key}` = '{value}'" for key, value in tags.items())
    yield from every_page(
        lambda token: mlflow_client.search_runs(
            [experiment], wanted, max_results=PAGE, page_token=token
        )
    )


def begin(store: Store, mlflow_client: "MlflowClient", kind: str) -> str:
    """Return the experiment of a kind; create it where there is none."""
    name = NAMES[kind]
    with translated():
        found = find(mlflow_client, kind)
        if found is not None:
            return found
        try:
            with translated():
                location = _location(store, mlflow_client, name.lower().replace(" ", "-"))
                return str(mlflow_client.create_experiment(name, location, {KIND_TAG: kind}))
        except Conflict:
            # A colleague was faster, or the name belongs to something else.
            found = find(mlflow_client, kind)
            if found is None:
                raise
            return found


def _location(store: Store, mlflow_client: "MlflowClient", folder: str) -> str | None:
    """Return where the artifacts lie, None where the server decides."""
    beside = artifact_root(store)
    if beside is not None:
        return f"{beside}/{folder}"
    if is_http(store.tracking_uri) or not is_database(store.tracking_uri):
        return None
    root = store.artifact_root
    with suppress(ServiceError), translated():
        location = mlflow_client.get_experiment("0").artifact_location
        root = root or location.rpartition("/")[0]
    return f"{root.rstrip('/')}/{folder}" if root else None
