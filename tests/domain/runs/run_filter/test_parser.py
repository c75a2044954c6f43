"""What is wrong with a filter, in a sentence."""

import random
from contextlib import suppress

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.runs.run_filter import (
    EVERYTHING,
    Field,
    Kind,
    completions,
    kindless_keys,
    parse,
    parse_field,
    passes,
    server_query,
    vocabulary,
)
from mlops_tui.domain.runs.run_filter.expression import leaves
from tests.domain.runs.run_filter.runs import NOW, make

SOMEWHERE = frozenset({Kind.METRIC, Kind.PARAM, Kind.TAG})

WRONG = {
    "lr=": "A value is missing after lr=",
    "lr >": "A value is missing after lr >",
    "optimizer=adam,": "A value is missing after optimizer=adam,",
    "optimizer=,adam": "A value is missing after optimizer=",
    "name~": "A value is missing after name~",
    "status:": "A value is missing after status:",
    "=3": "A name is missing before =.",
    "tag:": "A name is missing after tag:",
    "has:": "A name is missing after has:",
    ">3": "A name is missing before >.",
    "a |": "Something is missing after |.",
    "| a": "Something is missing before |.",
    "a | | b": "Something is missing after |.",
    "a or": "Something is missing after or.",
    "a and": "Something is missing after and.",
    "or a": "Something is missing before or.",
    "not": "Something is missing after not.",
    "-": "Something is missing after -.",
    "- | a": "Something is missing after -.",
    "()": "Something is missing before ).",
    "(a": "A ( is not closed yet.",
    "(a | (b)": "A ( is not closed yet.",
    "a )": "There is a ) without its (. Quote it to look for it.",
    '"a': 'A " is not closed yet.',
    "x='a": "A ' is not closed yet.",
    "x~'a": "A ' is not closed yet.",
    "/[a-/": "The expression [a- is not right: ",
    "x~(": "The expression ( is not right: ",
    "x~'('": "The expression ( is not right: ",
    "x=/(/": "The expression ( is not right: ",
    "/abc": "/abc is not closed by a / yet. Quote it if it is a path.",
    "path=/data/x": "/data/x is not closed by a / yet. Quote it if it is a path.",
    "lr>abc": "lr > needs a number, which 'abc' is not.",
    "lr>1,2": "> takes one value, not a list.",
    "status=fin": "No run has the status fin. There are SCHEDULED, ",
    "status>3": "status is a text: it has no >, only = != : and ~.",
    "age<30": "age < needs a length of time like 90s, 2h30m or 7d. A param of that name is ",
    "age=2h": "age is compared with > >= < or <=. A param of that name is param:age.",
    "started>soon": "started has to be a date like 2026-11-30, or a time ago: today, ",
    "started>" + "9" * 320: "started has to be a date like 2026-11-30",
    "ended<" + "9" * 5_000: "ended has to be a date like 2026-11-30",
    "x~" + "(" * 5_000 + ")" * 5_000: "The filter has 10,002 characters; 10,000 are the most.",
    "x~" + "(" * 4_000 + ")" * 4_000: "The expression (((",
    "x~(?:a{9999}){9999}": "The expression (?:a{9999}){9999} repeats too often.",
    "x~a{99999999999999999999}": "The expression a{99999999999999999999} repeats too often.",
    "attribute:foo=1": "There is no attribute foo. There are name, ",
    "(" * 60 + "a" + ")" * 60: "There are too many ( within each other.",
}


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_filter_is_answered_with_a_sentence(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(text)
    assert str(caught.value).startswith(WRONG[text])


def test_whatever_is_typed_is_understood_or_refused_but_never_fails() -> None:
    dice = random.Random(3)  # noqa: S311 - no secret
    pieces = [*"ab=<>!~:|()-,/\\'\"`*?[]{} \t.", "or", "not", "and", "has:", "param:", "1e5", "age"]
    known, understood = vocabulary([make()]), 0
    for _ in range(20_000):
        text = "".join(dice.choices(pieces, k=dice.randrange(12)))
        completions(text, known)
        with suppress(InvalidInput):
            term = parse(text)
            passes(term)(make())
            server_query(term, dict.fromkeys(kindless_keys(term), SOMEWHERE), NOW)
            understood += 1
    assert 1_000 < understood < 19_000


@pytest.mark.parametrize("text", ["(" * 50 + "a" + ")" * 50, "(a) " * 60], ids=["deep", "many"])
def test_groups_are_limited_in_depth_alone(text: str) -> None:
    assert len(list(leaves(parse(text)))) == text.count("a")


def test_nothing_typed_lets_everything_through() -> None:
    assert parse("  ") == EVERYTHING


def test_each_term_remembers_how_it_was_typed() -> None:
    text = "forest -(optimizer=adam, sgd | has:metric:f1) metrics.`val loss` > 3 /x y/"
    assert [leaf.source for leaf in leaves(parse(text))] == [
        "forest",
        "optimizer=adam, sgd",
        "has:metric:f1",
        "metrics.`val loss` > 3",
        "/x y/",
    ]


def test_keys_without_a_kind_are_told() -> None:
    text = "a=1 | -(b>2 has:c) param:d=1 status=failed name:x word tag:team /r/"
    assert kindless_keys(parse(text)) == {"a", "b", "c"}


def test_a_field_is_read_alone() -> None:
    assert parse_field("metric:accuracy") == Field("accuracy", Kind.METRIC)
    assert parse_field(' "val loss" ') == Field("val loss")
    assert parse_field("run_name") == Field("name", Kind.ATTRIBUTE)
    for text in ("a b", "a=1", ""):
        with pytest.raises(InvalidInput, match=r"is no key|A name is missing"):
            parse_field(text)
