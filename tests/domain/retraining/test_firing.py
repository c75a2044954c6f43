from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.retraining.attempt import RetrainingAttempt, Step
from mlops_tui.domain.retraining.dry_run import dry_run
from mlops_tui.domain.retraining.facts import ChunkFacts
from mlops_tui.domain.retraining.firing import decide
from mlops_tui.domain.retraining.retraining_rule import Conditions, Launch, Paused, RetrainingRule
from mlops_tui.domain.retraining.schedule import DAY, Schedule, parse_schedule

NOW = 1_767_571_200_000
"""Monday, 5 January 2026, 00:00 UTC."""
HOUR = DAY // 24


def rule(*, k: int = 2, m: int = 3, **asked: object) -> RetrainingRule:
    conditions = Conditions(**asked)  # type: ignore[arg-type]
    return RetrainingRule("m", Launch("j", "data"), conditions, "mon", k=k, m=m, minimum_labels=0)


def chunks(*shares: float | None, rows: int = 100, labels: int = 0) -> list[ChunkFacts]:
    """Return chunks of an hour each, the last one of which ends now."""
    count = len(shares)
    return [
        ChunkFacts(n, NOW - (count - 1 - n) * HOUR, rows, labels, drift_share=share)
        for n, share in enumerate(shares)
    ]


def attempt(days_ago: float, step: Step = Step.DONE, **more: object) -> RetrainingAttempt:
    at = NOW - round(days_ago * DAY)
    return RetrainingAttempt(str(at), "m", at, "because.", step, **more)  # type: ignore[arg-type]


def test_it_fires_when_k_of_the_last_m_chunks_drifted() -> None:
    drifts = rule(drift_share=0.2)
    assert not decide(drifts, chunks(0.5, 0.1, 0.1, 0.5), [], NOW).fires
    fired = decide(drifts, chunks(0.1, 0.5, 0.1, 0.5), [], NOW)
    assert fired.fires
    assert fired.sentence == "More than 20% of the columns drifted in 2 of the last 3 chunks."


def test_chunks_that_are_too_small_or_say_nothing_are_passed_over() -> None:
    drifts = replace(rule(k=2, m=2, drift_share=0.2), minimum_n=50)
    known = chunks(0.5, 0.5, 0.0, None)
    known[2] = replace(known[2], rows=10)
    assert decide(drifts, known, [], NOW).fires
    known[2] = replace(known[2], rows=50)
    assert not decide(drifts, known, [], NOW).fires
    assert not decide(drifts, chunks(float("nan"), float("nan")), [], NOW).fires


def test_performance_is_held_against_a_number_or_the_band_of_the_reference() -> None:
    known = [
        replace(c, labels=100, realised=0.7, estimated=0.9, low=0.8, high=0.95)
        for c in chunks(None, None)
    ]
    assert decide(rule(realised_below="band"), known, [], NOW).fires
    assert decide(rule(realised_below=0.75), known, [], NOW).fires
    assert not decide(rule(realised_below=0.65), known, [], NOW).fires
    assert not decide(rule(estimated_below="band"), known, [], NOW).fires
    assert decide(rule(estimated_below=0.91), known, [], NOW).fires
    few = replace(rule(realised_below=0.75), minimum_n=101)
    assert not decide(few, known, [], NOW).fires
    without_band = [replace(c, low=None) for c in known]
    assert not decide(rule(realised_below="band"), without_band, [], NOW).fires


def test_of_an_error_more_is_worse() -> None:
    known = [
        replace(c, labels=100, realised=2.0, low=0.5, high=1.0, lower_is_better=True)
        for c in chunks(None, None)
    ]
    assert decide(rule(realised_below="band"), known, [], NOW).fires
    assert decide(rule(realised_below=1.5), known, [], NOW).fires
    assert not decide(rule(realised_below=2.5), known, [], NOW).fires


def test_it_fires_after_so_many_new_rows_counted_from_the_last_attempt() -> None:
    known = chunks(*[0.0] * 72, rows=10, labels=4)
    assert decide(rule(labelled_rows=288), known, [], NOW).fires
    assert not decide(rule(labelled_rows=289), known, [], NOW).fires
    assert decide(rule(new_rows=720), known, [], NOW).fires
    assert not decide(rule(new_rows=720), known, [attempt(2)], NOW).fires
    assert decide(rule(new_rows=480), known, [attempt(2)], NOW).fires


def test_it_does_not_fire_with_too_few_labels_to_train_on() -> None:
    needs = replace(rule(drift_share=0.2), minimum_labels=9)
    assert decide(needs, chunks(0.5, 0.5, labels=5), [], NOW).fires
    refused = decide(needs, chunks(0.5, 0.5, labels=4), [], NOW)
    assert not refused.fires
    assert refused.sentence.endswith("but only 8 new rows have labels, 9 are needed.")


def test_it_fires_when_the_version_in_production_is_old() -> None:
    old = rule(age_days=30)
    assert decide(old, [], [], NOW, NOW - 30 * DAY).fires
    assert not decide(old, [], [], NOW, NOW - 29 * DAY).fires
    assert not decide(old, [], [], NOW, None).fires
    assert not decide(old, [], [attempt(5)], NOW, NOW - 30 * DAY).fires


def test_a_schedule_is_due_once() -> None:
    weekly = rule(every=Schedule("sunday", 3, 0))
    due = NOW - 21 * HOUR
    assert not decide(replace(weekly, since=due), [], [], NOW).fires
    assert decide(replace(weekly, since=due - 1), [], [], NOW).fires
    assert not decide(weekly, [], [replace(attempt(0), fired_at=due)], due + 2 * DAY).fires
    assert decide(weekly, [], [attempt(3)], NOW).sentence == "It is due every sunday 03:00 UTC."


@given(st.integers(-(2**63), 2**63), st.sampled_from(["day 05:30", "friday", "monday 23:59"]))
def test_a_schedule_was_last_due_within_its_period(now: int, text: str) -> None:
    schedule = parse_schedule(text)
    due = schedule.last_due(now)
    if 7 * DAY <= now <= 2_900_000 * DAY:
        assert 0 <= now - due < schedule.period
    assert schedule.last_due(due) == due
    assert parse_schedule(schedule.text) == schedule


@pytest.mark.parametrize(
    ("changed", "attempts", "why"),
    [
        ({"paused": Paused.ALONE}, [], "The rule is paused."),
        ({}, [attempt(9, Step.GATE)], "Its last attempt has not ended."),
        (
            {},
            [replace(attempt(9, Step.GATE), waits_for_person=True)],
            "Its last attempt waits for a person to approve or decline it.",
        ),
        ({}, [attempt(0.5)], "It cools down: 12 hours to go."),
        ({"cool_down_days": 0.0}, [attempt(1), attempt(2)], "It has fired 2 times within a week"),
        (
            {},
            [attempt(d, Step.FAILED, failed_at=Step.GATE) for d in (20, 30)],
            "2 attempts in a row failed",
        ),
        (
            {},
            [
                attempt(15, Step.STOPPED),
                *(attempt(d, Step.FAILED, failed_at=Step.GATE) for d in (20, 30)),
            ],
            "2 attempts in a row failed",
        ),
    ],
)
def test_it_does_not_fire(
    changed: dict[str, object], attempts: list[RetrainingAttempt], why: str
) -> None:
    held = replace(rule(drift_share=0.2), **changed)  # type: ignore[arg-type]
    decision = decide(held, chunks(0.5, 0.5), attempts, NOW)
    assert not decision.fires
    assert decision.sentence.startswith(why)


def test_failed_attempts_count_until_one_succeeded_or_the_rule_was_resumed() -> None:
    drifts = rule(drift_share=0.2)
    failed = [attempt(d, Step.FAILED, failed_at=Step.GATE) for d in (20, 30)]
    assert decide(drifts, chunks(0.5, 0.5), [*failed, attempt(10)], NOW).fires
    assert decide(replace(drifts, since=NOW - DAY), chunks(0.5, 0.5), failed, NOW).fires
    other = replace(failed[0], failed_at=Step.TRAIN)
    assert not decide(drifts, chunks(0.5, 0.5), [other, failed[1]], NOW).fires
    assert decide(drifts, chunks(0.5, 0.5), [other], NOW).fires


def test_chunks_that_led_to_an_attempt_do_not_lead_to_another_one() -> None:
    hourly = replace(rule(drift_share=0.2), cool_down_days=0.0, at_most_per_week=99)
    known = chunks(0.5, 0.5, 0.5, 0.5)
    assert not decide(hourly, known, [attempt(0)], NOW).fires
    assert not decide(hourly, known, [attempt(1 / 24)], NOW).fires
    assert decide(hourly, known, [attempt(2 / 24)], NOW).fires


def test_a_dry_run_tells_when_it_would_have_fired_and_what_that_costs() -> None:
    drifts = replace(rule(drift_share=0.2), cool_down_days=1.0, at_most_per_week=3)
    found = dry_run(drifts, chunks(*[0.5] * 96), training_time=12 * 60_000)
    assert [(f.at - NOW) // HOUR for f in found.firings] == [-94, -70, -46]
    assert found.cost == 36 * 60_000
    assert found.sentence == (
        "It would have fired 3 times over 96 recorded chunks (4 days): "
        "36 min of training, 12 min each."
    )
    assert "not known" in dry_run(drifts, chunks(0.5, 0.5)).sentence


def test_a_dry_run_looks_between_chunks_for_dates_and_age() -> None:
    known = [replace(c, ends_at=NOW + n * 20 * DAY) for n, c in enumerate(chunks(0.0, 0.0))]
    weekly = dry_run(rule(every=Schedule("day", 3, 0)), known)
    assert len(weekly.firings) == 6  # at most two in a week
    aged = dry_run(rule(age_days=7), known, trained_at=NOW)
    assert [f.at for f in aged.firings] == [NOW + 7 * DAY, NOW + 14 * DAY]


def test_a_dry_run_ignores_that_the_rule_is_paused() -> None:
    paused = replace(rule(drift_share=0.2), paused=Paused.WITH_ALL)
    assert len(dry_run(paused, chunks(0.5, 0.5)).firings) == 1
    assert "No chunk is recorded" in dry_run(paused, []).sentence
    assert dry_run(paused, chunks(0.0)).sentence == (
        "It would not have fired over 1 recorded chunks (0 s)."
    )


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.tuples(st.integers(-(2**63), 2**63), st.floats(), st.integers()), max_size=8),
    st.booleans(),
)
def test_whatever_a_monitor_recorded_nothing_raises(
    told: list[tuple[int, float, int]], by_schedule: bool
) -> None:
    known = [
        ChunkFacts(n, at, rows, rows, share, share, share, share, share)
        for n, (at, share, rows) in enumerate(told)
    ]
    asked: dict[str, object] = {"drift_share": 0.1, "realised_below": "band", "new_rows": 5}
    if by_schedule:
        asked["every"] = Schedule("sunday")
    assert dry_run(rule(k=1, m=1, **asked), known).sentence
