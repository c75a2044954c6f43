"""What MLflow's registry holds, as models of ours."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.stage import Stage

if TYPE_CHECKING:
    from mlflow.entities import model_registry


def model_of(found: "model_registry.RegisteredModel") -> RegisteredModel:
    """Return a registered model."""
    newest = max(found.latest_versions, key=lambda one: int(one.version), default=None)
    return RegisteredModel(
        name=found.name,
        description=found.description or "",
        created_at=found.creation_timestamp,
        updated_at=found.last_updated_timestamp,
        tags=dict(found.tags),
        aliases={alias: str(version) for alias, version in found.aliases.items()},
        latest={one.current_stage: str(one.version) for one in found.latest_versions},
        newest=str(newest.version) if newest else "",
        newest_tags=dict(newest.tags) if newest else {},
    )


def version_of(
    found: "model_registry.ModelVersion", aliases: Mapping[str, int | str]
) -> ModelVersion:
    """Return a version, given which version each alias of its model points at."""
    number = str(found.version)
    return ModelVersion(
        name=found.name,
        version=number,
        stage=Stage(found.current_stage or Stage.NONE),
        aliases=tuple(sorted(alias for alias, to in aliases.items() if str(to) == number)),
        status=str(found.status or "READY"),
        status_message=found.status_message or "",
        run_id=found.run_id or "",
        source=found.source or "",
        description=found.description or "",
        user=found.user_id or "",
        created_at=found.creation_timestamp,
        updated_at=found.last_updated_timestamp,
        tags=dict(found.tags),
    )
