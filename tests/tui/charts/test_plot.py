"""Curves in a frame of axes."""

from math import inf, nan

import pytest

from mlops_tui.domain.metrics.curve import XAxis
from mlops_tui.domain.metrics.limits import Limits
from mlops_tui.tui.charts.braille import BRAILLE
from mlops_tui.tui.charts.frame import Frame
from mlops_tui.tui.charts.plot import clipped, draw
from mlops_tui.tui.charts.series import BEST, MARKS, Point, Series


def picture(*series: Series, width: int = 20, height: int = 6, x_label: str = "") -> list[str]:
    drawn = draw(series, width, height, Frame(x_label=x_label))
    return ["".join(text for text, _ in spans) for spans in drawn.lines()] if drawn else []


def is_dots(character: str) -> bool:
    return BRAILLE < ord(character) <= BRAILLE + 0xFF


def test_a_rising_line_goes_from_the_lower_left_to_the_upper_right() -> None:
    assert picture(Series("a", [0, 1], [0, 1]), width=4, height=2) == ["  ⡠⠊", "⡠⠊  "]


def test_axes_carry_aligned_labels_with_the_name_of_the_x_axis() -> None:
    rows = picture(Series("a", range(101), range(101)), width=40, height=12, x_label="step")
    assert [row.index("│") if "│" in row else row.index("┤") for row in rows[:10]] == [3] * 10
    assert rows[0].startswith("100┤")
    assert rows[9].startswith("  0┤")
    assert rows[10].startswith("   └┬")
    assert rows[11].split() == ["0", "50", "step"]
    assert all(len(row) == 40 for row in rows)


@pytest.mark.parametrize(("width", "height"), [(20, 4), (20, 3), (8, 2), (1, 1), (200, 50)])
def test_every_size_is_filled_exactly(width: int, height: int) -> None:
    rows = picture(Series("a", range(50), range(50)), width=width, height=height, x_label="step")
    assert [len(row) for row in rows] == [width] * height
    assert any(is_dots(character) for row in rows for character in row)


def test_no_room_is_no_picture() -> None:
    assert picture(Series("a", [1], [1]), width=0) == []
    assert picture(Series("a", [1], [1]), height=0) == []


def test_without_a_finite_value_there_is_no_picture() -> None:
    assert picture(Series("a", [0, 1, 2], [nan, inf, -inf])) == []
    assert picture() == []


def test_values_that_cannot_be_drawn_leave_gaps() -> None:
    flat = Series("a", [0, 1, 2, 3, 4, 5], [1.0, 1.0, nan, nan, 1.0, 1.0])
    drawn = "".join(picture(flat, width=12, height=2)).strip()
    assert " " in drawn


def test_a_single_point_is_a_mark() -> None:
    assert MARKS[0] in "".join(picture(Series("a", [7], [0.905])))


def test_a_constant_is_a_level_line_in_the_middle() -> None:
    rows = picture(Series("a", range(10), [5.0] * 10), width=30, height=9)
    dotted = [y for y, row in enumerate(rows) if any(map(is_dots, row))]
    assert dotted == [3]
    assert rows[3].startswith("5.0┤")


def test_several_curves_differ_by_marks_and_styles() -> None:
    first = Series("a", range(9), range(9), "cyan")
    second = Series("b", range(9), range(9, 0, -1), "yellow")
    drawn = draw([first, second], 40, 12)
    assert drawn
    spans = [span for row in drawn.lines() for span in row]
    assert {style for _, style in spans} == {"", "cyan", "yellow"}
    text = "".join(text for text, _ in spans)
    assert MARKS[0] in text
    assert MARKS[1] in text


def test_one_curve_needs_no_marks() -> None:
    assert not set("".join(picture(Series("a", range(9), range(9))))) & set(MARKS)


RISE = Series("a", range(101), range(101))


def framed(frame: Frame, *series: Series) -> list[str]:
    drawn = draw(series or (RISE,), 40, 12, frame)
    return ["".join(text for text, _ in spans) for spans in drawn.lines()] if drawn else []


def test_limits_cut_what_is_outside() -> None:
    rows = framed(Frame(limits=Limits((20, 40))))
    assert rows[-1].split() == ["20", "25", "30", "35", "40"]
    assert rows[0].startswith("40┤")
    rows = framed(Frame(limits=Limits(y=(0, 10))))
    assert rows[0].startswith("10┤")
    assert not any(map(is_dots, rows[4][20:]))


def test_limits_beside_the_curve_leave_an_empty_frame() -> None:
    rows = framed(Frame(limits=Limits((500, 600))))
    assert rows[-1].split() == ["500", "550", "600"]
    assert not any(is_dots(character) for row in rows for character in row)


def test_hidden_outliers_do_not_decide_the_axis() -> None:
    spiked = Series("a", range(200), [1e6 if n == 50 else n / 200 for n in range(200)])
    assert "0.8┤" not in "".join(framed(Frame(), spiked))
    assert any("0.8┤" in row for row in framed(Frame(hides_outliers=True), spiked))


def test_a_logarithm_draws_powers_as_a_straight_line_and_nothing_at_or_below_zero() -> None:
    powers = Series("a", range(5), [10.0**n for n in range(5)])
    rows = framed(Frame(is_log=True), powers)
    assert rows[0].startswith("10000┤")
    assert framed(Frame(is_log=True), Series("a", [0, 1], [0.0, -1.0])) == []
    assert framed(Frame(is_log=True, limits=Limits(y=(-5, 100))), powers)[0].startswith("100┤")


@pytest.mark.parametrize(
    ("along", "label"), [(XAxis.RELATIVE, "1m00s"), (XAxis.WALL, ":0"), (XAxis.STEP, "50")]
)
def test_each_axis_has_labels_of_its_own(along: XAxis, label: str) -> None:
    assert label in framed(Frame(x_axis=along))[-1]


def test_the_cursor_is_a_line_with_a_mark_at_the_nearest_point() -> None:
    drawn = draw([RISE], 40, 12)
    assert drawn
    rows = ["".join(text for text, _ in spans) for spans in drawn.lines(50.0)]
    assert rows[0].index("┊") == rows[9].index("┊")
    assert any(MARKS[0] in row for row in rows)
    plain = ["".join(text for text, _ in spans) for spans in drawn.lines()]
    assert "┊" not in "".join(plain)
    assert ["".join(text for text, _ in spans) for spans in drawn.lines(999.0)] == plain


def test_the_best_point_is_marked() -> None:
    peak = Series("a", range(9), [0, 1, 2, 3, 9, 3, 2, 1, 0], best=4)
    rows = framed(Frame(), peak)
    assert BEST in rows[0]
    assert BEST not in "".join(framed(Frame(limits=Limits((5, 8))), peak))


def test_a_backdrop_gives_way_to_the_line_over_it() -> None:
    noise = Series("", range(9), [0, 9] * 4 + [0], "dim", is_backdrop=True)
    line_over = Series("a", range(9), [4] * 9, "cyan")
    drawn = draw([noise, line_over], 40, 12)
    assert drawn
    level = [spans for spans in drawn.lines() if any(style == "cyan" for _, style in spans)]
    assert len(level) == 1
    assert all(set(text) <= set("⠉⠒⠤⣀") for text, style in level[0] if style == "cyan")


def test_one_curve_over_its_backdrop_needs_no_marks() -> None:
    noise = Series("", range(9), range(9), "dim", is_backdrop=True)
    assert not set("".join(framed(Frame(), noise, RISE))) & set(MARKS)


@pytest.mark.parametrize(
    ("start", "end", "seen"),
    [
        ((0, 0), (1, 1), ((0, 0), (1, 1))),
        ((-1, 0.5), (2, 0.5), ((0, 0.5), (1, 0.5))),
        ((0.5, 3), (0.5, -1), ((0.5, 1), (0.5, 0))),
        ((-1, -1), (0.5, 0.5), ((0, 0), (0.5, 0.5))),
        ((0.25, 0.25), (0.25, 0.25), ((0.25, 0.25), (0.25, 0.25))),
        ((-2, 0), (-1, 1), None),
        ((0, 2), (1, 2), None),
        ((-1, 0.9), (0.2, 3), None),
        ((5, 5), (5, 5), None),
    ],
)
def test_a_line_is_cut_at_the_edges(
    start: Point, end: Point, seen: tuple[Point, Point] | None
) -> None:
    assert clipped(start, end) == seen
