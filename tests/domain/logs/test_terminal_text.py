"""A line of a log as a terminal would leave it."""

import unicodedata

import pytest

from mlops_tui.domain.logs.settled_text import settled_text
from mlops_tui.domain.logs.terminal_text import LONGEST, LogLine, log_line

ALL_KINDS = (
    b"\x1b[1;31mred\x1b[0m \x1b]0;title\x07\x1bPq#0;2\x1b\\ \xc2\x9b32mgreen\xc2\x90dcs\xc2\x9c"
    b"\x1b[2J\x1b[10;3H\x1b(B\x1b=\ttab\b\b\xff\x00\r10%|##  |\r20%|### |\x1b[K"
)


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"plain", "plain"),
        (b"10%\r20%", "20%"),
        (b"10%\r20%\r", "20%"),
        (b"10%\r\x1b[0m", "10%"),
        (b"10%\r\x1b[K", ""),
        (b"10%\x1b[2K done", " done"),
        (b"10%\x1b[K", "10%"),
        (b"10%\x1b[1G20%", "20%"),
        (b" 1/9\b\b\b\b 2/9", " 2/9"),
        (b"\b\b", ""),
        (b"a\tb", "a       b"),
        (b"old\r\tnew", "        new"),
        (b"a\x1b[5Ab\x1b[3Cc\x1b[2;2Hd", "abcd"),
        (b"a\x1b]8;;http://x\x1b\\link\x1b]8;;\x07b", "alinkb"),
        (b"a\x1bPq#1;2\x1b\\b\x1b_apc\x1b\\c\x1b^pm\x07d", "abcd"),
        ("a\x9b1;31mb\x90dcs\x9cc\x9dosc\x07d\x85".encode(), "abcd·"),
        (b"nul\x00bell\x07", "nul·bell·"),
        (b"\xff\xfe\xc3", "\ufffd\ufffd\ufffd"),
        (b"never ends \x1b]0;title", "never ends "),
        (b"never ends \x1b[38;5", "never ends "),
        (b"never ends \x1b", "never ends "),
        ("👩\u200d🔬 \u202eright".encode(), "👩🔬 ·right"),
        ("שלום 日本".encode(), "שלום 日本"),
    ],
)
def test_what_is_left_on_the_line_is_shown(data: bytes, text: str) -> None:
    assert log_line(data).text == text


def test_colours_are_kept_where_they_stand() -> None:
    line = log_line(b"a\x1b[1;31mbc\x1b[22md\x1b[0me")
    assert line == LogLine("abcde", ((1, 3, "bold color(1)"), (3, 4, "color(1)")))


def test_what_is_drawn_over_takes_its_colours_along() -> None:
    assert log_line(b"\x1b[31mold\x1b[0m\rnew").styles == ()


def test_a_line_cut_anywhere_draws_nothing_that_steers() -> None:
    for cut in range(len(ALL_KINDS) + 1):
        line = log_line(ALL_KINDS[:cut])
        assert not any(unicodedata.category(each) in ("Cc", "Cf") for each in line.text)
        assert all(0 <= start < end <= len(line.text) for start, end, _ in line.styles)
    assert line.text == "20%|### |"


@pytest.mark.parametrize(
    "data", [b"x" * 5_000_000, b"\x00" * 300_000, "é".encode() * 200_000], ids=["x", "NUL", "é"]
)
def test_an_endless_line_says_what_is_left_out(data: bytes) -> None:
    line = log_line(data, more=10)
    assert len(line.text) == LONGEST
    assert line.left_out == len(data) - len(data.decode()[:LONGEST].encode()) + 10


def test_of_endless_redrawing_the_last_state_is_shown() -> None:
    data = b"".join(b"\r%6d of 99999" % step for step in range(50_000))
    assert log_line(data) == LogLine(" 49999 of 99999")


def test_the_text_that_is_searched_is_the_one_that_is_shown() -> None:
    lines = [
        b"plain",
        b"10%\r20%\r",
        b"a\x1b[31mred\x1b[0mb",
        b"12\b\b34",
        b"a\x1b]0;title\x07b",
        b"crlf\r",
        b"",
        b"\x1b[2Kwhole\x1b",
    ]
    found = settled_text(b"\n".join(lines)).split(b"\n")
    assert [each.decode() for each in found] == [log_line(line).text for line in lines]
