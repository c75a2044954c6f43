"""Filters that people may type by chance or on purpose: each is understood, or refused in words."""

import warnings
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_filter import (
    Kind,
    completions,
    is_mlflow_expression,
    kindless_keys,
    parse,
    passes,
    server_query,
    timed_pattern,
    vocabulary,
)
from mlops_tui.domain.runs.run_filter.timed_pattern import compiled
from tests.domain.runs.run_filter.runs import NOW, make

EXTREMES = make(
    started_at=-(2**63),
    ended_at=2**63 - 1,
    metrics={"a": float("nan"), "b": float("-inf"), "lr": 1e308},
    params={"a": "9" * 400, "b": "nan", "lr": "x" * 6_000},
    tags={"a": "(" * 2_000},
)
KEYS = st.sampled_from([*"ab", "lr", "started", "ended", "age", "duration", "name", "param:a"])
NUMBERS = st.one_of(
    st.integers(1, 6_000).map(lambda digits: "9" * digits),
    st.floats().map(repr),
    st.sampled_from(["-0", "1e999", "-1e-999", "nan", "inf", "٣", "0x10", "1_000", "--1"]),
)
TIMES = st.one_of(
    st.tuples(NUMBERS, st.sampled_from("smhdwyx")).map("".join),
    st.datetimes().map(lambda at: at.isoformat()),
    st.sampled_from(["today", "Yesterday", "-7d", "7d", "-1e5d", "0000-00-00", "9999-12-31"]),
)
PATTERNS = st.one_of(
    st.text("ab().*+?{}[]\\^$|<>:=-,!&~P0123456789\x00éß", max_size=24),
    st.sampled_from(["(a+)+$", "(?R)", "[[a]", "[a--b]", "(a{1000}){900}", "\\p{L}", "(?i)a"]),
)
LEAVES = st.one_of(
    st.tuples(KEYS, st.sampled_from([">", ">=", "<", "<=", "=", "!=", ":"]), NUMBERS).map("".join),
    st.tuples(KEYS, st.sampled_from([">", ">=", "<", "<="]), TIMES).map("".join),
    st.tuples(KEYS, st.sampled_from(["~", "!~", "="]), PATTERNS).map("".join),
    PATTERNS.map(lambda text: f"/{text}/"),
    st.text("*?a", max_size=30),
    st.text(max_size=12),
)
TEXTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(" ".join),
        st.lists(inner, min_size=1, max_size=4).map(" | ".join),
        inner.map(lambda text: f"-({text})"),
    ),
    max_leaves=6,
)


ANYWHERE = frozenset({Kind.METRIC, Kind.PARAM, Kind.TAG})


def work_out(text: str, *runs: Run) -> None:
    """Do all that the app does with a filter; anything but ``InvalidInput`` goes on."""
    completions(text, vocabulary(runs))
    is_mlflow_expression(text)
    with suppress(InvalidInput):
        term = parse(text)
        test = passes(term, lambda: NOW)
        server_query(term, dict.fromkeys(kindless_keys(term), ANYWHERE), NOW)
        for run in runs:
            test(run)


@settings(max_examples=200, deadline=None)
@given(TEXTS)
def test_any_text_is_understood_or_refused(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("error")
        patch.setattr(timed_pattern, "LIMIT", 0.02)
        work_out(text, make(), EXTREMES)


@pytest.mark.parametrize(
    "text",
    [
        "a " * 50_000,
        '"a" ' * 25_000,
        '" ' * 50_000,
        "(" * 100_000,
        "-" * 100_000,
        "a=" + "1," * 50_000,
        "x=" + "[" * 9_000,
        "not " * 2_400 + "a",
        "a|" * 4_900 + "a",
        "/" * 9_999,
        "a=" + "1," * 4_900 + "1",
        "lr>" + "9" * 9_000,
        "age<" + "9" * 9_000 + "y",
        "started>" + "9y" * 4_000,
        "*a" * 4_000,
    ],
    ids=lambda text: f"{text[:8]} {len(text)}",
)
def test_a_long_text_is_understood_or_refused(text: str) -> None:
    work_out(text, make(), EXTREMES)


@pytest.mark.parametrize("text", ["name~(a|a)+$", "/(?:a|aa)+$/"])
def test_a_pattern_that_would_never_end_is_stopped(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timed_pattern, "LIMIT", 0.1)
    test = passes(parse(text))
    with pytest.raises(InvalidInput, match=r"takes too long: it was stopped after 0\.1 s"):
        test(make(name="a" * 200 + "!"))


def test_the_limit_is_one_for_the_whole_filter_over_all_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timed_pattern, "LIMIT", 0.2)
    test, looked_at = passes(parse("name~(a|aa)+$ | name~(a|a)+$")), []

    def look_at_all() -> None:
        for number in range(10_000):
            test(make(name="a" * 14 + "!"))
            looked_at.append(number)

    with pytest.raises(InvalidInput, match="takes too long"):
        look_at_all()
    assert looked_at


def test_many_harmless_looks_are_not_held_against_a_pattern(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timed_pattern, "LIMIT", 0.05)
    monkeypatch.setattr(timed_pattern, "HARMLESS", 0.01)
    test = passes(parse("name~^forest_[0-9]+$"))
    assert all(test(make(name=f"forest_{number}")) for number in range(20_000))


def test_what_only_the_other_engine_refuses_is_refused_too() -> None:
    with pytest.raises(InvalidInput, match="is not right: bad character range"):
        compiled("[a--b]")


def test_the_other_engine_finds_the_same() -> None:
    run: dict[str, Any] = {"name": "Forest_1.2-beta [x]"}
    for text, passes_it in {
        "name~^forest": True,
        r"name~\d\.\d": True,
        "name~beta$": False,
        r"name~'\[x\]$'": True,
        "name=Forest*": True,
        "name=Forest_?.?-beta*[x]": True,
        "name=*forest": False,
        "name=F*t_1.2**[x]": True,
    }.items():
        assert passes(parse(text))(make(**run)) is passes_it, text
