"""What is new among the runs of all experiments."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import isfinite

from mlops_tui.domain.runs.run import JOB_TAG, Run, RunStatus
from mlops_tui.domain.runs.silence import OPEN, last_sign

PARENT_TAG = "mlflow.parentRunId"


class News(StrEnum):
    """What a run is in the feed."""

    RUNNING = "RUNNING"
    FINISHED = "FINISHED"
    FAILED = "FAILED"
    KILLED = "KILLED"
    NAN = "NaN"


TROUBLE = frozenset({News.FAILED, News.KILLED, News.NAN})
"""What a person should not miss."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A run in the feed. Of its metrics it holds those that are not finite, of its tags few."""

    run: Run
    experiment: str
    """The name of its experiment."""

    @property
    def what(self) -> News:
        """What kind of news it is: how it ended comes before what it logged."""
        if self.run.status in (RunStatus.FAILED, RunStatus.KILLED):
            return News(self.run.status)
        if self.run.metrics:
            return News.NAN
        return News.RUNNING if self.is_open else News.FINISHED

    @property
    def is_open(self) -> bool:
        """Whether the run is still to end."""
        return self.run.status in OPEN

    @property
    def at(self) -> int:
        """When it last changed: its end, else the last sign of life (milliseconds)."""
        return last_sign(self.run) or 0 if self.is_open else ended(self.run)

    @property
    def news_at(self) -> int | None:
        """What tells this news of a run from its next one, None where it is none to be read.

        MLflow does not tell when a metric became NaN: of a run that goes on it is the start.
        """
        if self.what is News.RUNNING:
            return None
        return (self.run.started_at or 0) if self.is_open else ended(self.run)


def ended(run: Run) -> int:
    """Return when a run ended (milliseconds); the start where MLflow was not told the end."""
    return run.ended_at or run.started_at or 0


def entry(run: Run, experiment: str) -> Entry:
    """Return the entry of a run."""
    tags = {key: run.tags[key] for key in (PARENT_TAG, JOB_TAG) if key in run.tags}
    odd = {key: value for key, value in run.metrics.items() if not isfinite(value)}
    return Entry(replace(run, metrics=odd, tags=tags, params={}, datasets={}), experiment)


def in_order(entries: Iterable[Entry], dead: Container[str] = ()) -> tuple[Entry, ...]:
    """Return what runs, newest start first, then the rest, newest end first.

    Runs that are presumed ``dead`` (ids) stand where they were last heard of: those that nobody
    settled in a year do not hide what ended today.
    """

    def place(one: Entry) -> tuple[bool, int, str]:
        runs = one.is_open and one.run.run_id not in dead
        return not runs, -((one.run.started_at or 0) if runs else one.at), one.run.run_id

    return tuple(sorted(entries, key=place))


@dataclass(frozen=True, slots=True)
class Feed:
    """The runs that are still to end with those that ended last, in no order."""

    entries: tuple[Entry, ...] = ()
    unread: frozenset[str] = frozenset()
    """Ids of runs."""
    is_whole: bool = True
    """Whether that is all; else there are older runs, or more that are open."""
    signs: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """When each RUNNING run was last heard of (milliseconds), with its job."""
