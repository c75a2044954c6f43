"""Tags as people type them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.tags import (
    describe_tag_changes,
    kept_problem,
    own_tags,
    parse_tag_changes,
    parse_tags,
    tag_changes,
    tag_lines,
    tags_text,
)


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("", {}),
        (" , ", {}),
        ("a=1, b=2,", {"a": "1", "b": "2"}),
        (" a = x y , b=", {"a": "x y", "b": ""}),
        ('a="x, y", b=3', {"a": "x, y", "b": "3"}),
        ('a=5", b=c=d', {"a": '5"', "b": "c=d"}),
        ("two words=1", {"two words": "1"}),
        ("a=1\nb=2, c=3\n\n", {"a": "1", "b": "2", "c": "3"}),
        ('a="x, y"\nb=', {"a": "x, y", "b": ""}),
        ("a = 1 \r\n b=2", {"a": "1", "b": "2"}),
    ],
)
def test_tags_are_read_pair_by_pair(text: str, tags: dict[str, str]) -> None:
    assert parse_tags(text) == tags


@pytest.mark.parametrize("text", ["a", "=1", 'a="x', 'a="x" y', "-a", 'a="\\q"', "a\n=1", "a=1\nb"])
def test_what_is_no_tag_is_refused_with_the_reason(text: str) -> None:
    with pytest.raises(ValueError, match=r"A tag is key=value|do not hold a text"):
        parse_tags(text)


@pytest.mark.parametrize(
    "value",
    ["a, b", '"q"', " x ", "", "l\n2", '{"a": 1, "b": [1]}', 'x"y', "a=b", "\\", "\t", "ü\u2028x"],
)
def test_every_value_is_read_back_as_it_was_written(value: str) -> None:
    tags = {"odd": value, "next": "1"}
    assert parse_tags(tags_text(tags)) == tags
    assert parse_tags(tag_lines(tags)) == tags
    assert len(tag_lines(tags).splitlines()) == 2


@given(st.text(max_size=20))
@settings(max_examples=200, deadline=None)
def test_any_value_is_read_back_from_its_line(value: str) -> None:
    tags = {"odd": value, "next": "1"}
    lines = tag_lines(tags)
    assert len(lines.splitlines()) == 2
    assert parse_tags(f"{lines}team=x") == {**tags, "team": "x"}


def test_a_tag_with_two_values_is_refused() -> None:
    with pytest.raises(ValueError, match="team stands there twice"):
        parse_tags("team=a\nteam=b")


def test_tags_that_mlflow_and_the_app_keep_are_not_edited() -> None:
    tags = {
        "mlflow.user": "me",
        "mlops_tui.trial": "3",
        "mlops_tui.sweep.best_run": "x",
        "team": "a",
    }
    assert own_tags(tags) == {"team": "a"}
    assert "kept by mlops-tui" in kept_problem(["mlops_tui.trial"], [])
    assert "not removed" in kept_problem(["mlflow.user"], ["mlflow.user"])
    assert kept_problem(["mlflow.note.content", "team"], ["team"]) == ""


def test_what_is_removed_is_named_before_what_is_set() -> None:
    before = {"team": "a", "checked": "yes"}
    assert describe_tag_changes(before, {"new": "1"}, ["team"]) == "Removes team=a. Sets new=1."
    assert describe_tag_changes(before, {}, ["gone"]) == "Removes gone."
    assert describe_tag_changes(before, {}, []) == ""


def test_changes_set_or_remove() -> None:
    assert parse_tag_changes('-old, a=1, - two words, b="x, y"') == (
        {"a": "1", "b": "x, y"},
        ("old", "two words"),
    )


@pytest.mark.parametrize("text", ["-", "- -", "a", "=1", "-a, b"])
def test_what_is_no_change_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="key=value or -key"):
        parse_tag_changes(text)


def test_a_tag_left_out_is_one_to_be_removed() -> None:
    before = {"same": "1", "other": "1", "gone": "1"}
    assert tag_changes(before, {"same": "1", "other": "2", "new": "3"}) == (
        {"other": "2", "new": "3"},
        ("gone",),
    )
