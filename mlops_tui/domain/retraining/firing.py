"""Whether a rule fires now, and why or why not."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import isfinite

from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.domain.retraining.facts import ChunkFacts
from mlops_tui.domain.retraining.retraining_rule import BAND, Floor, Paused, RetrainingRule
from mlops_tui.domain.retraining.schedule import DAY

WEEK = 7 * DAY
"""Milliseconds."""
Test = Callable[[ChunkFacts], bool | None]
"""Says of a chunk whether it is bad; None where it is passed over."""


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether a rule fires, with the reason in a sentence."""

    fires: bool
    sentence: str


def decide(
    rule: RetrainingRule,
    chunks: Sequence[ChunkFacts],
    attempts: Sequence[RetrainingAttempt],
    now: int,
    trained_at: int | None = None,
) -> Decision:
    """Return whether a rule fires at ``now`` (ms since the epoch).

    ``chunks`` and ``attempts`` may be in any order; ``trained_at`` is when the version in
    Production was made. Only chunks that ended after the last attempt began count.
    """
    if held := why_held(rule, attempts, now):
        return Decision(fires=False, sentence=held)
    last = max((each.fired_at for each in attempts), default=0)
    fresh = sorted(
        (c for c in chunks if last < c.ends_at <= now), key=lambda c: (c.ends_at, c.number)
    )
    reasons = list(filter(None, _reasons(rule, fresh, last, now, trained_at)))
    labels = sum(max(0, chunk.labels) for chunk in fresh)
    if reasons and labels < rule.minimum_labels:
        lacking = f"only {labels:,} new rows have labels, {rule.minimum_labels:,} are needed"
        return Decision(fires=False, sentence=f"{_begun('; '.join(reasons))}, but {lacking}.")
    if reasons:
        return Decision(fires=True, sentence=f"{_begun('; '.join(reasons))}.")
    return Decision(fires=False, sentence=f"No condition holds ({len(fresh):,} new chunks).")


def _begun(words: str) -> str:
    """Return words as a sentence begins."""
    return words[:1].upper() + words[1:]


def why_held(rule: RetrainingRule, attempts: Sequence[RetrainingAttempt], now: int) -> str:
    """Return why a rule may not fire whatever its conditions say; empty where it may."""
    if rule.paused is not Paused.NO:
        return "The rule is paused."
    if underway := [each for each in attempts if each.is_underway]:
        waits = any(each.waits_for_person for each in underway)
        what = "waits for a person to approve or decline it" if waits else "has not ended"
        return f"Its last attempt {what}."
    counted = [each for each in attempts if each.fired_at >= rule.since]
    newest_first = sorted(counted, key=lambda each: -each.fired_at)
    failed = 0
    for each in newest_first:
        if each.step is Step.STOPPED:
            continue
        if each.step is not Step.FAILED:
            break
        failed += 1
    if failed >= rule.stop_after:
        return f"{failed} attempts in a row failed: resume the rule to go on."
    cool_down = round(rule.cool_down_days * DAY)
    last = max((each.fired_at for each in attempts), default=None)
    if last is not None and now - last < cool_down:
        return f"It cools down: {_days(cool_down - (now - last))} to go."
    in_week = sum(now - WEEK < each.fired_at <= now for each in attempts)
    if in_week >= rule.at_most_per_week:
        return f"It has fired {in_week} times within a week, the most that it may."
    return ""


def _reasons(
    rule: RetrainingRule,
    chunks: Sequence[ChunkFacts],
    last: int,
    now: int,
    trained_at: int | None,
) -> Iterator[str]:
    asked = rule.conditions
    if asked.drift_share is not None:
        limit = asked.drift_share
        yield _k_of_m(
            rule, chunks, _drifted(rule, limit), f"more than {limit:.0%} of the columns drifted"
        )
    if asked.realised_below is not None:
        test = _below(rule, asked.realised_below, "realised")
        yield _k_of_m(rule, chunks, test, f"performance was {_floor_words(asked.realised_below)}")
    if asked.estimated_below is not None:
        test = _below(rule, asked.estimated_below, "estimated")
        words = f"estimated performance was {_floor_words(asked.estimated_below)}"
        yield _k_of_m(rule, chunks, test, words)
    labels = sum(max(0, chunk.labels) for chunk in chunks)
    if asked.labelled_rows is not None and labels >= asked.labelled_rows:
        yield f"{labels:,} new rows have labels, {asked.labelled_rows:,} were waited for"
    rows = sum(max(0, chunk.rows) for chunk in chunks)
    if asked.new_rows is not None and rows >= asked.new_rows:
        yield f"{rows:,} new rows came, {asked.new_rows:,} were waited for"
    if asked.age_days is not None and trained_at is not None:
        age = now - max(trained_at, last)
        if age >= asked.age_days * DAY:
            yield f"the version in Production is {_days(now - trained_at)} old"
    if asked.every is not None and asked.every.last_due(now) > max(last, rule.since):
        yield f"it is due every {asked.every.text} UTC"


def _k_of_m(rule: RetrainingRule, chunks: Sequence[ChunkFacts], test: Test, words: str) -> str:
    """Return the reason where ``k`` of the last ``m`` chunks that say anything are bad."""
    tested = [is_bad for chunk in chunks if (is_bad := test(chunk)) is not None]
    said = tested[-max(rule.m, rule.k) :]
    bad = sum(said)
    if bad < rule.k:
        return ""
    where = f"{bad} of the last {len(said)} chunks" if len(said) > 1 else "the last chunk"
    return f"{words} in {where}"


def _drifted(rule: RetrainingRule, limit: float) -> Test:
    def test(chunk: ChunkFacts) -> bool | None:
        share = chunk.drift_share
        if share is None or not isfinite(share) or chunk.rows < rule.minimum_n:
            return None
        return share > limit

    return test


def _below(rule: RetrainingRule, floor: Floor, name: str) -> Test:
    """Return a test of a metric; one of which less is better is bad above its limit."""

    def test(chunk: ChunkFacts) -> bool | None:
        value = chunk.realised if name == "realised" else chunk.estimated
        n = chunk.labels if name == "realised" else chunk.rows
        band = chunk.high if chunk.lower_is_better else chunk.low
        limit = band if floor == BAND else floor
        if value is None or limit is None or not isfinite(value) or n < rule.minimum_n:
            return None
        return value > limit if chunk.lower_is_better else value < limit

    return test


def _floor_words(floor: Floor) -> str:
    return "outside its band" if floor == BAND else f"worse than {floor:g}"


def _days(milliseconds: int) -> str:
    days = milliseconds / DAY
    return f"{days:,.0f} days" if days >= 2 else f"{days * 24:,.0f} hours"  # noqa: PLR2004
