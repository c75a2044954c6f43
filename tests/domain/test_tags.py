"""Tags as people type them."""

import pytest

from mlops_tui.domain.tags import parse_tag_changes, parse_tags, tag_changes, tags_text


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
    ],
)
def test_tags_are_read_pair_by_pair(text: str, tags: dict[str, str]) -> None:
    assert parse_tags(text) == tags


@pytest.mark.parametrize("text", ["a", "=1", 'a="x', 'a="x" y', "-a", 'a="\\q"'])
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
