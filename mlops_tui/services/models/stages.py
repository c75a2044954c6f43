"""Moving model versions between stages."""

import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, ServiceError, Unsupported
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import AliasChange, StageChange, Transition
from mlops_tui.services.store.failures import translated

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
    for alias in transition.aliases:
        check_alias(alias, versions)
    if not _archives_at_once(transition):
        return
    named = {change.version for change in transition.changes}
    for one in versions:
        if one.stage == transition.target.after and one.version not in named:
            raise Conflict(
                f"v{one.version} is in {one.stage} too now: somebody moved it meanwhile."
            )


def check_alias(change: AliasChange, versions: Sequence[ModelVersion]) -> None:
    """Raise ``Conflict`` unless an alias points where the change starts from."""
    now = next((one.version for one in versions if change.alias in one.aliases), "")
    if now != change.before:
        points, was = (f"at v{each}" if each else "at nothing" for each in (now, change.before))
        raise Conflict(
            f"@{change.alias} points {points} now, not {was}: somebody changed it meanwhile."
        )


@translated()
def apply(mlflow_client: "MlflowClient", transition: Transition) -> None:
    """Write the transition; the archiving in one call with it, anything else step by step."""
    # MLflow warns at every call that stages will go some day.
    warnings.filterwarnings(
        "ignore", message=".*transition_model_version_stage", category=FutureWarning
    )
    model, done = transition.model, list[str]()
    steps: list[tuple[str, Callable[[], None]]] = [
        (f"v{c.version} → {c.after}", partial(_set_stage, mlflow_client, model, c, archive=False))
        for c in transition.changes
    ]
    if _archives_at_once(transition):
        with suppress(Unsupported), translated():
            _set_stage(mlflow_client, model, transition.target, archive=True)
            done, steps = [said for said, _ in steps], []
    steps += [
        (change.describe(), partial(_point, mlflow_client, model, change))
        for change in transition.aliases
    ]
    for said, step in steps:
        try:
            with translated():
                step()
        except ServiceError as failure:
            if not done:
                raise
            raise type(failure)(
                f"{'; '.join(done)} done, but not {said}: {failure.message}", failure.hint
            ) from None
        done.append(said)


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


def _point(mlflow_client: "MlflowClient", model: str, change: AliasChange) -> None:
    if change.after:
        mlflow_client.set_registered_model_alias(model, change.alias, change.after)
    else:
        mlflow_client.delete_registered_model_alias(model, change.alias)
