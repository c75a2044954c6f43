"""Foreign text made harmless."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mlops_tui.domain.plain_text import counted, harmless, lines, one_line, visible

ANY_TEXT = some.text(some.characters(codec=None, categories=None), max_size=60) | some.text(
    some.sampled_from("a\x1b\x9b\x9d\x90\x07\x08\r\n\t\x00[]P;0mJ\\\u202e\u2066\u200d\ud800"),
    max_size=30,
)
"""Any characters, surrogates among them, or such as escape sequences are made of."""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("[/tmp/x] [red] params[lr]=1", "[/tmp/x] [red] params[lr]=1"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;http://x\x1b\\link", "link"),
        ("\x1bPq#0\x1b\\after", "after"),
        ("\x1b(Bascii\x1bc", "ascii"),
        ("\x9b31mred", "red"),
        ("\x1b]0;never ended", ""),
        ("a\nb\r\nc\td", "a↵b↵c d"),
        ("bell\x07 null\x00", "bell· null·"),
        ("\u202egnp.exe", "·gnp.exe"),
        ("\u200bzero\ufeff", "·zero·"),
        ("👩\u200d🔬 ünï", "👩\u200d🔬 ünï"),
        ("שלום", "שלום"),
    ],
)
def test_text_is_drawn_on_one_line_without_control(text: str, shown: str) -> None:
    assert one_line(text) == shown


def test_a_long_text_ends_in_an_ellipsis() -> None:
    assert one_line("x" * 5000, 10) == "xxxxxxxxx…"
    assert one_line("x" * 10, 10) == "x" * 10
    assert one_line("\x1b[0m" * 100 + "x" * 11, 100) == "…"


def test_a_progress_bar_settles_on_its_last_state() -> None:
    assert lines("10%\r50%\r100%\ndone\r\n") == ["100%", "done", ""]


def test_a_log_keeps_its_columns_without_its_colours() -> None:
    assert lines("\x1b[1ma\tb\x1b[0m\n\x07c") == ["a       b", "·c"]


def steers(character: str) -> bool:
    """Return whether a terminal does anything but draw it."""
    return character != "\u200d" and unicodedata.category(character) in ("Cc", "Cf", "Cs")


@given(ANY_TEXT)
def test_no_text_steers_the_terminal(text: str) -> None:
    assert not any(map(steers, one_line(text)))
    assert not any(steers(each) for each in harmless(text) if each not in "\n\t")
    assert not any(steers(each) for line in lines(text) for each in line)


@given(ANY_TEXT, some.integers(1, 50))
def test_no_text_is_longer_than_its_limit_nor_harmless_twice(text: str, limit: int) -> None:
    assert len(one_line(text, limit)) <= limit
    assert harmless(harmless(text)) == harmless(text)
    assert len(visible(text)) == len(text)


def test_line_ends_and_tabs_stay_where_there_are_several_lines() -> None:
    assert harmless("a\n\tb\x1b[2J\x9d\rc") == "a\n\tb··c"


def test_one_of_a_thing_has_no_plural() -> None:
    counts = [counted(0, "row"), counted(1, "row"), counted(2_000, "row")]
    assert counts == ["0 rows", "1 row", "2,000 rows"]
