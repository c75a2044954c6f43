"""Foreign text made harmless."""

import pytest

from mlops_tui.domain.plain_text import lines, one_line


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
