"""Where a version stands before the gates of its model, in one word."""

from collections.abc import Mapping

from mlops_tui.domain.gate.rules import gated_stages
from mlops_tui.domain.gate.verdict import STATUS_TAG, GateState, gate_state
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.stage import Stage

Champions = Mapping[Stage, str]
"""Stage to the newest version in it."""


def gate_states(
    version: ModelVersion, model_tags: Mapping[str, str], newest: Champions
) -> Mapping[Stage, GateState]:
    """Return the states of all gates of the model for a version."""
    return {
        stage: gate_state(version, stage, model_tags, _other(newest.get(stage, ""), version))
        for stage in gated_stages(model_tags)
    }


def standing(version: ModelVersion, model_tags: Mapping[str, str], newest: Champions) -> str:
    """Return the state of the gate that counts for a version.

    That is the gate of its own stage, else the next one on the way to Production. Without a gate
    it is what another tool said by the tag ``validation_status``; empty where nobody said anything.
    """
    states = gate_states(version, model_tags, newest)
    if not states:
        return version.tags.get(STATUS_TAG, "").strip().lower()
    first = next(iter(states))
    wanted = version.stage if version.stage in states else first
    if version.stage is Stage.STAGING and wanted is not Stage.STAGING:
        wanted = Stage.PRODUCTION if Stage.PRODUCTION in states else first
    return states[wanted].value


def standing_of_newest(model: RegisteredModel) -> str:
    """Return where the newest version of a model stands."""
    if not model.newest:
        return ""
    stages = (stage for stage in Stage if model.latest.get(stage) == model.newest)
    newest = ModelVersion(
        model.name, model.newest, next(stages, Stage.NONE), tags=model.newest_tags
    )
    in_stages = {stage: model.latest[stage] for stage in Stage if stage in model.latest}
    return standing(newest, model.tags, in_stages)


def _other(champion: str, version: ModelVersion) -> str:
    return "" if champion == version.version else champion
