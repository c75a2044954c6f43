"""An MLflow run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from mlops_tui.domain.models.model_metric import ModelMetric

if TYPE_CHECKING:
    from mlops_tui.domain.runs.best_value import BestValue


class RunStatus(StrEnum):
    """The states MLflow knows."""

    SCHEDULED = "SCHEDULED"
    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"


@dataclass(frozen=True, slots=True)
class Run:
    """One run as the table shows it. Times are milliseconds since the epoch.

    ``metrics`` holds the value at the highest step of each metric, as MLflow keeps it.
    """

    run_id: str
    experiment_id: str
    name: str
    status: RunStatus
    started_at: int | None
    ended_at: int | None
    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Mapping[str, str] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    artifact_uri: str = ""
    is_deleted: bool = False
    last_metric_at: int | None = None
    """When the youngest of its last metric values was logged; only known of a RUNNING run."""
    last_step: int | None = field(default=None, compare=False, repr=False)
    """The highest step of its last metric values, None where that is not known."""
    datasets: Mapping[str, str] = field(default_factory=dict)
    """Name to digest of the data sets it was given, those for training first."""
    extremes: "Mapping[str, BestValue]" = field(default_factory=dict)
    """What the histories of metrics reached, as far as that was asked for."""
    experiment_name: str = ""
    """Only known where runs of several experiments were read together."""
    model_facts: Mapping[str, Mapping[str, str]] | None = None
    """Where it stands for a model version: what is compared of that, by kind."""

    @property
    def parent_id(self) -> str | None:
        """The run that this one is nested in."""
        return self.tags.get("mlflow.parentRunId")

    @property
    def job_id(self) -> str | None:
        """The job of ours that created the run."""
        return self.tags.get(JOB_TAG)

    @property
    def is_end_assumed(self) -> bool:
        """Whether its end is the last sign of its life, as nobody saw it end."""
        return self.ended_at is not None and END_TAG in self.tags

    @property
    def note(self) -> str:
        """The description, in Markdown."""
        return self.tags.get(NOTE_TAG, "")


NOTE_TAG = "mlflow.note.content"
"""The tag that MLflow keeps the description of a run or an experiment in."""

END_TAG = "mlops_tui.end"
LAST_SIGN = "last sign of life"
"""The tag with its value on a run that somebody ended later than it had died."""

JOB_TAG = "mlops_tui.job"
"""The tag that ``MLFLOW_RUN_CONTEXT`` puts on every run which a job creates."""


TRIAL_TAG = "mlops_tui.trial"
"""The number of the trial of a sweep, from 0, on every run that it makes."""

REASON_TAG = "mlops_tui.trial.reason"
"""Why a trial failed."""


@dataclass(frozen=True, slots=True)
class RunPage:
    """A page of runs, newest first; ``next_token`` is empty on the last one.

    Where the server does not support all of a filter, a page may hold few runs, or none, with more
    to come: ``looked_at`` runs were tested here, for the terms that are ``unsupported``.
    """

    runs: tuple[Run, ...]
    next_token: str = ""
    unsupported: tuple[str, ...] = ()
    looked_at: int = 0


@dataclass(frozen=True, slots=True)
class DatasetInput:
    """A data set that a run was given; ``schema`` and ``profile`` are MLflow's JSON texts."""

    name: str
    digest: str
    source_type: str
    source: str
    context: str
    schema: str
    profile: str


@dataclass(frozen=True, slots=True)
class LoggedModel:
    """A model that a run logged, the MLflow 3 way (``models:/m-…``) or as a run artifact.

    ``uri`` is what can be registered or loaded; ``model_id`` is empty for a run artifact.
    """

    name: str
    uri: str
    model_id: str
    status: str
    flavors: tuple[str, ...] = ()
    metrics: tuple[ModelMetric, ...] = ()


@dataclass(frozen=True, slots=True)
class RunDetail:
    """A run with what belongs to it beyond the table."""

    run: Run
    experiment_name: str
    datasets: tuple[DatasetInput, ...]
    models: tuple[LoggedModel, ...]
