"""What a rule would have done over the chunks that are recorded."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.domain.retraining.facts import ChunkFacts
from mlops_tui.domain.retraining.firing import decide
from mlops_tui.domain.retraining.retraining_rule import Paused, RetrainingRule
from mlops_tui.domain.retraining.schedule import DAY

MOST_DATES = 1_000
"""Dates of a schedule that are looked at."""


@dataclass(frozen=True, slots=True)
class Firing:
    """A time (ms since the epoch) at which a rule would have fired, and why."""

    at: int
    because: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """When a rule would have fired; ``training_time`` is that of the last such job, in ms."""

    firings: tuple[Firing, ...]
    chunks: int
    begins_at: int | None = None
    ends_at: int | None = None
    training_time: int | None = None

    @property
    def cost(self) -> int | None:
        """The training time of all firings, in ms; None where nobody knows."""
        return None if self.training_time is None else self.training_time * len(self.firings)

    @property
    def sentence(self) -> str:
        """What it found, in a sentence or two."""
        if not self.chunks and not self.firings:
            return "No chunk is recorded yet: nobody can say what the rule would have done."
        count = len(self.firings)
        times = {0: "not have fired", 1: "have fired once"}.get(count, f"have fired {count} times")
        said = f"It would {times} over {self.chunks:,} recorded chunks"
        if self.begins_at is not None and self.ends_at is not None:
            said += f" ({_span(self.ends_at - self.begins_at)})"
        if not count:
            return f"{said}."
        if self.training_time is None or self.cost is None:
            return f"{said}; how long such a job takes is not known."
        each = _span(self.training_time)
        return f"{said}: {_span(self.cost)} of training, {each} each."


def dry_run(
    rule: RetrainingRule,
    chunks: Sequence[ChunkFacts],
    *,
    trained_at: int | None = None,
    training_time: int | None = None,
) -> DryRun:
    """Return when a rule would have fired, had it been on while the chunks were recorded.

    Each firing counts as an attempt that succeeded at once: the chunks after it are those of the
    old version all the same, so that a real rule fires as often or less.
    """
    known = sorted(chunks, key=lambda chunk: (chunk.ends_at, chunk.number))
    if not known:
        return DryRun((), 0, training_time=training_time)
    begins, ends = known[0].ends_at, known[-1].ends_at
    active = replace(rule, paused=Paused.NO, since=begins)
    attempts: list[RetrainingAttempt] = []
    made_at = trained_at
    times = [chunk.ends_at for chunk in known]
    for now in _moments(active, known, begins, ends):
        first = bisect_right(times, attempts[-1].fired_at) if attempts else 0
        fresh, counted = known[first : bisect_right(times, now)], attempts[-rule.at_most_per_week :]
        decision = decide(active, fresh, counted, now, made_at)
        if decision.fires:
            attempts.append(
                RetrainingAttempt(str(now), rule.model, now, decision.sentence, Step.DONE)
            )
            made_at = now
    firings = tuple(Firing(each.fired_at, each.because) for each in attempts)
    return DryRun(firings, len(known), begins, ends, training_time)


def _moments(
    rule: RetrainingRule, chunks: Sequence[ChunkFacts], begins: int, ends: int
) -> Iterator[int]:
    """Yield when a watcher would have looked: at the end of each chunk, at the dates in between."""
    found = {chunk.ends_at for chunk in chunks}
    schedule = rule.conditions.every
    if schedule is not None and ends >= begins:
        due = schedule.last_due(ends)
        for _ in range(MOST_DATES):
            if due <= begins:
                break
            found.add(due)
            due -= schedule.period
    if rule.conditions.age_days is not None:
        days = (ends - begins) // DAY
        found |= {begins + day * DAY for day in range(min(days, MOST_DATES) + 1)}
    return iter(sorted(found))


def _span(milliseconds: float) -> str:
    """Return a length of time in a few words."""
    seconds = max(0.0, milliseconds / 1000)
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:,.0f} s"
