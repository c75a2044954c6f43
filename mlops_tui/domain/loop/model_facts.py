"""What the store holds of a registered model's loop."""

from collections.abc import Mapping
from dataclasses import dataclass

from mlops_tui.domain.gate.standing import Champions, gate_states
from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.retraining.retraining_rule import RetrainingRule
from mlops_tui.domain.runs.run import RunStatus

PRODUCTION_ALIASES = ("production", "champion", "prod")
"""Aliases that name the version in production where no version is in the stage."""


@dataclass(frozen=True, slots=True)
class DataVersion:
    """One version of a data set that a run was given."""

    name: str
    digest: str

    @property
    def short_digest(self) -> str:
        """The beginning of the digest, enough to tell versions apart in a table."""
        return self.digest[:8]


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run that became a version; ``at`` is its start, in ms since the epoch."""

    run_id: str
    name: str
    status: RunStatus
    at: int | None


@dataclass(frozen=True, slots=True)
class NextStage:
    """The stage that the newest version may enter next, with the state of its gate."""

    stage: Stage
    gate: GateState


@dataclass(frozen=True, slots=True)
class ModelFacts:
    """A registered model as its loop needs it; versions are numbers written as text."""

    name: str
    production: str = ""
    """The version in production; empty where there is none."""
    production_by: str = ""
    """What says so: the stage, or an alias with its @."""
    gate: GateState = GateState.NONE
    """The gate of Production for that version."""
    data: DataVersion | None = None
    """What the run of that version was trained on, without one that of the newest."""
    newest: str = ""
    newest_trouble: str = ""
    """Why the newest version is not ready."""
    next_stage: NextStage | None = None
    """None where the newest version has nowhere to go."""
    last_run: LastRun | None = None
    experiment: str = ""
    """The experiment of that run."""
    rule: RetrainingRule | None = None
    rule_problem: str = ""
    """Why its rule of retraining cannot be read."""
    updated_at: int | None = None


def production_alias(model: RegisteredModel) -> str:
    """Return the alias that stands for production, empty where there is none."""
    known = {alias.casefold(): alias for alias in model.aliases}
    return next((known[name] for name in PRODUCTION_ALIASES if name in known), "")


def next_stage(
    newest: ModelVersion, tags: Mapping[str, str], champions: Champions, *, production: str
) -> NextStage | None:
    """Return where the newest version may go next, None where it is there, or was put aside.

    Staging comes first where it has a gate. ``production`` is the version that is in use now.
    """
    is_older = bool(production) and int(production) >= int(newest.version)
    if newest.stage in (Stage.PRODUCTION, Stage.ARCHIVED) or is_older:
        return None
    states = gate_states(newest, tags, champions)
    goes_first = newest.stage is Stage.NONE and Stage.STAGING in states
    stage = Stage.STAGING if goes_first else Stage.PRODUCTION
    return NextStage(stage, states.get(stage, GateState.NONE))
