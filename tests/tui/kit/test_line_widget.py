"""Drawing line by line, sending only what changed."""

from rich.style import Style
from textual.strip import Strip

from mlops_tui.tui.kit.line_widget import changed_width, strip_of

PLAIN = Style.parse("white on black")
GREEN = Style.parse("green on black")
CURSOR = Style.parse("black on blue")
UNDERLINED = Style.parse("underline white on black")


def texts(strip: Strip) -> list[str]:
    return [segment.text for segment in strip]


def test_neighbours_of_one_style_are_one_piece() -> None:
    assert texts(strip_of([("a", PLAIN), ("b", PLAIN), ("c", GREEN)], 3, PLAIN)) == ["ab", "c"]


def test_blanks_join_whichever_neighbour_shares_their_background() -> None:
    pieces = [(" ", PLAIN), ("ok", GREEN), (" ", PLAIN), ("x", PLAIN)]
    assert texts(strip_of(pieces, 8, PLAIN)) == [" ok ", "x   "]


def test_blanks_of_another_background_stay_apart() -> None:
    pieces = [(" ", CURSOR), ("ok", GREEN), (" ", UNDERLINED)]
    assert texts(strip_of(pieces, 4, PLAIN)) == [" ", "ok", " "]


def test_a_strip_has_exactly_its_width() -> None:
    assert strip_of([("abc", PLAIN)], 2, PLAIN).text == "ab"
    assert strip_of([], 2, PLAIN).text == "  "


def test_a_line_is_sent_up_to_its_last_difference() -> None:
    before = strip_of([("run_1 0.9", PLAIN)], 20, PLAIN)
    assert changed_width(before, strip_of([("run_2 0.9", PLAIN)], 20, PLAIN)) == 5
    assert changed_width(before, strip_of([("run_1", PLAIN), (" 0.9", GREEN)], 20, PLAIN)) == 9


def test_a_line_with_wide_characters_is_sent_whole() -> None:
    before = strip_of([("日本 1", PLAIN)], 20, PLAIN)
    assert changed_width(before, strip_of([("日本 2", PLAIN)], 20, PLAIN)) == 20
    accents = strip_of([("e\u0301 1", PLAIN)], 20, PLAIN)
    assert changed_width(before, accents) == 20
