"""The trials of a sweep: what each tried, what came of it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from math import nan
from typing import Any

from mlops_tui.domain.jobs.recipe import Value
from mlops_tui.domain.metrics.direction import Direction, best_point
from mlops_tui.domain.metrics.metric_value import is_drawable
from mlops_tui.domain.runs.run import REASON_TAG, TRIAL_TAG, Run, RunStatus

VALUES_TAG = "mlops_tui.trial.values"
"""What the trial tried, as JSON: a program need not log its params."""

STATE_TAG = "mlops_tui.trial.state"
"""How the trial ended, as the sweep judged it; not there while it runs, nor if it was cut off."""


class TrialState(StrEnum):
    """What is known of a trial."""

    RUNNING = "running"
    COMPLETE = "complete"
    """It ended well, with a finite value."""
    PRUNED = "pruned"
    """It was ended early: it did worse than the median of the others."""
    FAILED = "failed"
    STOPPED = "stopped"
    """It was cut off with its sweep."""

    @property
    def is_done(self) -> bool:
        """Whether a sweep that goes on need not try it again."""
        return self in (TrialState.COMPLETE, TrialState.PRUNED)


TrialEnd = tuple[TrialState, str]
"""How a trial ended, with the reason where it failed."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial. Times are milliseconds since the epoch.

    ``value`` is the last that its run logged of the sweep's metric: what belongs to the model that
    it left. ``run_id`` is empty until the program has made a run.
    """

    number: int
    point: Mapping[str, Value] = field(default_factory=dict)
    state: TrialState = TrialState.RUNNING
    value: float | None = None
    run_id: str = ""
    reason: str = ""
    started_at: int | None = None
    ended_at: int | None = None

    @property
    def is_complete(self) -> bool:
        """Whether its value counts."""
        return self.state is TrialState.COMPLETE and self.value is not None


def trial_of(run: Run, metric: str) -> Trial | None:
    """Return the trial that a run belongs to, None where it belongs to none."""
    number = run.tags.get(TRIAL_TAG, "")
    if not number.isdecimal() or len(number) > 9:  # noqa: PLR2004 - ours are short
        return None
    value = run.metrics.get(metric)
    return Trial(
        number=int(number),
        point=_point(run.tags.get(VALUES_TAG, "")),
        state=_state(run, metric),
        value=value if value is not None and is_drawable(value) else None,
        run_id=run.run_id,
        reason=run.tags.get(REASON_TAG, ""),
        started_at=run.started_at,
        ended_at=run.ended_at,
    )


def trials_of(children: Iterable[Run], metric: str) -> tuple[Trial, ...]:
    """Return the trials by number, of the runs right below a sweep's.

    Where a trial was tried again, or made several runs, the one that is done goes first, then one
    with a value, then the youngest.
    """
    found: dict[int, Trial] = {}
    for trial in filter(None, (trial_of(run, metric) for run in children)):
        before = found.get(trial.number)
        if before is None or _weight(trial) > _weight(before):
            found[trial.number] = trial
    return tuple(found[number] for number in sorted(found))


def judged(ended: Trial, run: Run | None, metric: str) -> Trial:
    """Return a trial that has ended, judged by its run: without a finite value it has failed."""
    value = run.metrics.get(metric) if run else None
    counts = value is not None and is_drawable(value)
    judged = replace(ended, value=value if counts else None, run_id=run.run_id if run else "")
    if ended.state is not TrialState.COMPLETE or counts:
        return judged
    if run is None:
        reason = "made no run"
    elif value is not None:
        reason = f"{metric} is {value}"
    else:
        has = f"it has {', '.join(sorted(run.metrics))}" if run.metrics else "it has no metrics"
        reason = f"logged no metric {metric}; {has}"
    return replace(judged, state=TrialState.FAILED, reason=reason)


def best_trial(trials: Sequence[Trial], direction: Direction) -> Trial | None:
    """Return the trial with the best value, the first of equal ones; None without any."""
    known = [(trial, trial.value) for trial in trials if trial.is_complete]
    best = best_point([value for _, value in known if value is not None], direction)
    return None if best is None else known[best][0]


def best_so_far(trials: Sequence[Trial], direction: Direction) -> tuple[tuple[int, float], ...]:
    """Return, in order of their ends, the number of each complete trial with the best until it."""
    ended = sorted((each for each in trials if each.is_complete), key=_end)
    curve: list[tuple[int, float]] = []
    choose = min if direction is Direction.MIN else max
    for trial in ended:
        if trial.value is not None:
            best = choose(curve[-1][1], trial.value) if curve else trial.value
            curve.append((trial.number, best))
    return tuple(curve)


def _end(trial: Trial) -> tuple[int, int]:
    return trial.ended_at or 0, trial.number


def _weight(trial: Trial) -> tuple[bool, bool, bool, int]:
    is_running = trial.state is TrialState.RUNNING
    return trial.state.is_done, is_running, trial.value is not None, trial.started_at or 0


def _state(run: Run, metric: str) -> TrialState:
    judged = run.tags.get(STATE_TAG, "")
    if judged in list(TrialState):
        return TrialState(judged)
    if run.status in (RunStatus.RUNNING, RunStatus.SCHEDULED):
        return TrialState.RUNNING
    # It ended, but its sweep has not judged it yet, or was gone by then.
    is_well = run.status is RunStatus.FINISHED and is_drawable(run.metrics.get(metric, nan))
    return TrialState.COMPLETE if is_well else TrialState.STOPPED


def _point(text: str) -> dict[str, Value]:
    try:
        found: Any = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(name): value
        for name, value in found.items()
        if isinstance(value, int | float | str | bool)
    }
