"""Moving model versions between stages."""

import warnings
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, ServiceError, Unsupported
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import StageChange, Transition
from mlops_tui.domain.store import Store
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client

if TYPE_CHECKING:
    from mlflow import MlflowClient


def check_unmoved(transition: Transition, versions: Sequence[ModelVersion]) -> None:
    """Raise ``Conflict`` unless every version is in the stage that the transition starts from."""
    stages = {one.version: one.stage for one in versions}
    for change in transition.changes:
        stage = stages.get(change.version)
        if stage is None:
            raise Conflict(f"v{change.version} is gone: somebody deleted it meanwhile.")
        if stage != change.before:
            raise Conflict(
                f"v{change.version} is in {stage} now, not {change.before}: "
                "somebody moved it meanwhile."
            )
    if not _archives_at_once(transition):
        return
    named = {change.version for change in transition.changes}
    for one in versions:
        if one.stage == transition.target.after and one.version not in named:
            raise Conflict(
                f"v{one.version} is in {one.stage} too now: somebody moved it meanwhile."
            )


@translated()
def apply(store: Store, transition: Transition) -> None:
    """Write the transition; the archiving in one call with it, anything else version by version."""
    # MLflow warns at every call that stages will go some day.
    warnings.filterwarnings(
        "ignore", message=".*transition_model_version_stage", category=FutureWarning
    )
    mlflow_client = client(store)
    if _archives_at_once(transition):
        with suppress(Unsupported), translated():
            _set_stage(mlflow_client, transition.model, transition.target, archive=True)
            return
    done: list[str] = []
    for change in transition.changes:
        try:
            with translated():
                _set_stage(mlflow_client, transition.model, change, archive=False)
        except ServiceError as failure:
            if not done:
                raise
            raise type(failure)(
                f"{'; '.join(done)} done, but not v{change.version} → {change.after}: "
                f"{failure.message}",
                failure.hint,
            ) from None
        done.append(f"v{change.version} → {change.after}")


def _archives_at_once(transition: Transition) -> bool:
    """Return whether the other changes are what MLflow does along with the first one."""
    target = transition.target.after
    return transition.archives and all(
        target.archives_existing and change.before == target and change.after == Stage.ARCHIVED
        for change in transition.changes[1:]
    )


def _set_stage(
    mlflow_client: "MlflowClient", model: str, change: StageChange, *, archive: bool
) -> None:
    mlflow_client.transition_model_version_stage(
        model, change.version, change.after.value, archive_existing_versions=archive
    )
