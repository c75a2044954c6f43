import json
from dataclasses import fields, replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.jobs.recipe import parse_fields
from mlops_tui.domain.retraining.retraining_rule import (
    BAND,
    Arrow,
    Conditions,
    Launch,
    Paused,
    RetrainingRule,
)
from mlops_tui.domain.retraining.rule_fields import FIELDS, rule_of_fields, texts_of
from mlops_tui.domain.retraining.rule_text import as_toml, parse_rule
from mlops_tui.domain.retraining.schedule import DAILY, WEEKDAYS, Schedule

LEAST = 'launch = "j"\nargument = "data"\nmonitor = "mon"\n'
WEEKLY = f'{LEAST}every = "sunday 03:00"\n'

texts = st.text(min_size=1, max_size=40).map(str.strip).filter(bool)
floors = st.one_of(st.just(BAND), st.floats(-1e12, 1e12))
schedules = st.builds(
    Schedule, st.sampled_from((DAILY, *WEEKDAYS)), st.integers(0, 23), st.integers(0, 59)
)
conditions = st.builds(
    Conditions,
    drift_share=st.none() | st.floats(0, 1),
    realised_below=st.none() | floors,
    estimated_below=st.none() | floors,
    labelled_rows=st.none() | st.integers(1, 10**9),
    new_rows=st.none() | st.integers(1, 10**9),
    age_days=st.none() | st.floats(0.01, 1000),
    every=st.none() | schedules,
).filter(lambda each: any(getattr(each, field.name) is not None for field in fields(each)))


@st.composite
def rules(draw: st.DrawFn) -> RetrainingRule:
    k = draw(st.integers(1, 50))
    return RetrainingRule(
        "m",
        Launch(draw(texts), draw(texts)),
        draw(conditions),
        draw(texts),
        k=k,
        m=draw(st.integers(k, 100)),
        minimum_n=draw(st.integers(0, 10**6)),
        minimum_labels=draw(st.integers(0, 10**6)),
        cool_down_days=draw(st.floats(0, 400)),
        at_most_per_week=draw(st.integers(1, 100)),
        stop_after=draw(st.integers(1, 100)),
        given_away=draw(st.frozensets(st.sampled_from(Arrow))),
        paused=draw(st.sampled_from(Paused)),
        since=draw(st.integers(0, 2**50)),
    )


@settings(deadline=None)
@given(rules())
def test_a_rule_is_read_back_as_it_was_written(rule: RetrainingRule) -> None:
    assert parse_rule("m", as_toml(rule)) == rule


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_a_rule_or_is_refused_in_a_sentence(text: str) -> None:
    said = refusal(text)
    assert said == "" or (said.endswith(".") and "\n" not in said)


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(["k", "drift_share", "every", "without_asking"]))
def test_any_value_is_taken_or_refused_with_its_key(value: str, key: str) -> None:
    begin = LEAST if key == "every" else WEEKLY
    said = refusal(f"{begin}{key} = {json.dumps(value)}\n")
    assert said == "" or key in said or "TOML" in said


def refusal(text: str) -> str:
    """Return why a text is no rule; empty where it is one."""
    try:
        parse_rule("m", text)
    except InvalidInput as error:
        return error.message
    return ""


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "launch is missing."),
        ('launch = "j"', "argument is missing."),
        (LEAST, "The rule has no condition."),
        ('launch = "j"\nargument = "d"', "monitor is missing."),
        (f"{LEAST}drift_share = 2", "drift_share must be a number from 0 to 1, got 2."),
        (f"{LEAST}drift_share = nan", "drift_share must be a number"),
        (f"{WEEKLY}k = 3\nof = 2", "k is 3, more than the 2 chunks"),
        (f"{WEEKLY}k = true", "k must be a whole number"),
        (f"{WEEKLY}of = 1{'0' * 400}", "of must be a whole number"),
        (f"{LEAST}age_days = 1{'0' * 400}", "age_days must be a number"),
        (f'{LEAST}every = "someday"', "every must be a weekday"),
        (f'{LEAST}every = "sunday 25:00"', "every must be a weekday"),
        (f'{WEEKLY}realised_below = "low"', 'realised_below must be a number or "band"'),
        (f'{WEEKLY}without_asking = ["all"]', "without_asking must be a list of some of train"),
        (f'{WEEKLY}without_asking = "train"', "without_asking must be a list"),
        (f'{WEEKLY}paused = "yes"', "paused must be one of"),
        (f"{WEEKLY}since = 2026-01-31T18:00:00", "since must be a time after 1970 such as"),
        (f"{WEEKLY}since = 0001-01-01T00:00:00+14:00", "since must be a time after 1970"),
        (f"{WEEKLY}since = 2026-01-31", "since must be a time after 1970"),
        (f"{WEEKLY}since = true", "since must be a time after 1970"),
        (f"{WEEKLY}colour = 1", "colour is unknown here."),
        ('monitor = " "', "monitor must be a text that is not empty"),
        ("launch = ", "The rule is not valid TOML"),
        ("x" * 6000, "The rule has 6,000 characters"),
    ],
)
def test_each_fault_has_its_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        parse_rule("m", text)
    assert raised.value.message.startswith(sentence)


@pytest.mark.parametrize("written", ["1769882400123", "2026-01-31T20:00:00.123+02:00"])
def test_a_time_is_read_in_either_form_and_written_as_a_date(written: str) -> None:
    rule = parse_rule("m", f"{WEEKLY}since = {written}")
    assert rule.since == 1_769_882_400_123
    assert as_toml(rule).endswith("since = 2026-01-31T18:00:00.123+00:00\n")


def test_of_the_least_rule_every_arrow_is_asked_of_a_person() -> None:
    rule = parse_rule("m", WEEKLY)
    assert all(map(rule.is_asked, Arrow))
    assert rule.conditions.every == Schedule("sunday", 3, 0)
    assert as_toml(rule).startswith(LEAST)


@settings(deadline=None)
@given(rules())
def test_a_rule_fills_a_form_and_comes_back_from_it(rule: RetrainingRule) -> None:
    rule = replace(rule, since=0)
    assume("\\x00" not in repr(rule))
    values, reasons = parse_fields(FIELDS, texts_of(rule))
    assert reasons == {}
    assert rule_of_fields("m", values, rule) == rule


def test_a_form_says_what_is_wrong_with_its_fields() -> None:
    values, _ = parse_fields(FIELDS, {"launch": "j", "argument": "d", "monitor": "m"})
    with pytest.raises(InvalidInput, match="The rule has no condition"):
        rule_of_fields("m", values)
    with pytest.raises(InvalidInput, match='realised_below must be a number or "band"'):
        rule_of_fields("m", {**values, "realised_below": "inf"})
    with pytest.raises(InvalidInput, match="without_asking must be a list"):
        rule_of_fields("m", {**values, "new_rows": 5, "without_asking": "train, all"})
