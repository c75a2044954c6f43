"""What is new among the runs of all experiments."""

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import isfinite

from mlops_tui.domain.monitoring.alert import Alert
from mlops_tui.domain.runs.run import JOB_TAG, REASON_TAG, TRIAL_TAG, Run, RunStatus
from mlops_tui.domain.runs.silence import OPEN, last_sign

PARENT_TAG = "mlflow.parentRunId"


KEPT_TAGS = (PARENT_TAG, JOB_TAG, TRIAL_TAG, REASON_TAG)


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
    reason: str = ""
    """Why it failed, where that is known."""
    trials: Mapping[News, int] = field(default_factory=dict)
    """Of a sweep, how many of its trials are what."""

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
    tags = {key: run.tags[key] for key in KEPT_TAGS if key in run.tags}
    odd = {key: value for key, value in run.metrics.items() if not isfinite(value)}
    return Entry(replace(run, metrics=odd, tags=tags, params={}, datasets={}), experiment)


def with_sweeps_folded(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Return the entries without the trials of sweeps, which their sweep's entry counts.

    Where a sweep's own run is not among them, its newest trial stands for it.
    """
    known = {one.run.run_id for one in entries}
    trials: dict[str, list[Entry]] = {}
    for one in entries:
        if TRIAL_TAG in one.run.tags and one.run.parent_id:
            trials.setdefault(one.run.parent_id, []).append(one)
    stands_for = {
        max(of_sweep, key=lambda one: one.at).run.run_id: sweep
        for sweep, of_sweep in trials.items()
        if sweep not in known
    }
    folded = []
    for one in entries:
        run_id = one.run.run_id
        sweep = stands_for.get(run_id, run_id)
        if sweep in trials and (sweep in known or run_id in stands_for):
            counts = Counter(each.what for each in trials[sweep])
            folded.append(replace(one, trials=counts))
        elif TRIAL_TAG not in one.run.tags or not one.run.parent_id:
            folded.append(one)
    return tuple(folded)


def with_reason(one: Entry, of_jobs: Mapping[str, str]) -> Entry:
    """Return the entry with why its run failed: as its sweep, else as its job was told."""
    if one.what not in (News.FAILED, News.KILLED):
        return one
    reason = one.run.tags.get(REASON_TAG, "") or of_jobs.get(one.run.job_id or "", "")
    return replace(one, reason=reason)


def in_order(entries: Iterable[Entry], dead: Container[str] = ()) -> tuple[Entry, ...]:
    """Return what runs, newest start first, then the rest, newest end first.

    Runs that are presumed ``dead`` (ids) stand where they were last heard of: those that nobody
    settled in a year do not hide what ended today.
    """

    def row(one: Entry) -> tuple[bool, int, str]:
        runs = one.is_open and one.run.run_id not in dead
        return not runs, -((one.run.started_at or 0) if runs else one.at), one.run.run_id

    return tuple(sorted(entries, key=row))


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
    alerts: tuple[Alert, ...] = ()
    """What monitors tell and nobody has acknowledged, newest first."""
