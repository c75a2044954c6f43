"""Which lines of a log stand on which rows of the screen."""

import pytest

from mlops_tui.domain.logs.log_window import LogWindow
from mlops_tui.domain.logs.terminal_text import LogLine
from mlops_tui.tui.logs.log_rows import LogRows
from mlops_tui.tui.logs.log_strip import log_text


def rows_of(*texts: str, page: int = 4, width: int = 5) -> LogRows:
    rows = LogRows()
    rows.fit(page, width)
    rows.hold(LogWindow(tuple(map(LogLine, texts)), 0, len(texts), 1, 1))
    return rows


def shown(rows: LogRows) -> list[str]:
    return [log_text(rows.line(line))[start:end] for line, start, end in rows.placed]


def test_the_end_is_followed_until_one_moves_up() -> None:
    rows = rows_of(*"abcdef")
    assert shown(rows) == list("cdef")
    rows.move(-1)
    rows.hold(LogWindow(tuple(map(LogLine, "abcdefgh")), 0, 8, 1, 1))
    assert shown(rows) == list("bcde")
    rows.follow()
    assert shown(rows) == list("efgh")


def test_moving_down_to_the_end_follows_again() -> None:
    rows = rows_of(*"abcdef")
    rows.move(-2)
    rows.move(1)
    assert not rows.following
    rows.move(1)
    assert rows.following


@pytest.mark.parametrize("wraps", [False, True])
def test_nothing_lies_beyond_either_end(wraps: bool) -> None:
    rows = rows_of(*"abcdef")
    rows.wraps = wraps
    rows.move(-100)
    assert shown(rows) == list("abcd")
    rows.move(100)
    assert shown(rows) == list("cdef")
    assert rows.following


def test_an_empty_log_has_no_rows_to_move() -> None:
    rows = rows_of()
    rows.move(1)
    rows.toggle_wrap()
    rows.move(-1)
    assert rows.placed == []
    assert rows.in_view == range(0)


def test_long_lines_move_sideways_as_far_as_the_longest_in_view() -> None:
    rows = rows_of("0123456789", "short")
    rows.move_sideways(3)
    assert shown(rows) == ["34567", "rt"]
    rows.move_sideways(100)
    assert shown(rows) == ["56789", ""]
    rows.move_sideways(-100)
    assert shown(rows) == ["01234", "short"]


def test_a_folded_line_takes_as_many_rows_as_it_needs() -> None:
    rows = rows_of("first", "0123456789", "", "last", page=5)
    rows.toggle_wrap()
    assert shown(rows) == ["first", "01234", "56789", "", "last"]
    assert rows.in_view == range(4)


def test_a_folded_line_may_begin_above_the_screen() -> None:
    rows = rows_of("0123456789abcde", "last", page=2)
    rows.toggle_wrap()
    assert shown(rows) == ["abcde", "last"]
    rows.move(-1)
    assert shown(rows) == ["56789", "abcde"]
    assert not rows.following


def test_folded_lines_stay_where_they_are_when_the_end_is_no_longer_followed() -> None:
    lines = tuple(LogLine("0123456789"[:size]) for size in (5, 10, 10, 10, 10))
    rows = rows_of(*(line.text for line in lines), page=3)
    rows.toggle_wrap()
    before = rows.placed
    rows.stay()
    rows.hold(LogWindow((*lines, LogLine("new")), 0, 6, 1, 1))
    assert rows.placed == before


def test_what_is_wanted_is_around_the_page_in_view() -> None:
    rows = rows_of(*map(str, range(500)), page=50)
    rows.go(200)
    assert rows.wanted == (150, 150)
    rows.follow()
    assert rows.wanted[0] is None


def test_lines_that_are_not_held_are_empty_until_they_are() -> None:
    rows = LogRows()
    rows.fit(2, 5)
    rows.hold(LogWindow((LogLine("y"), LogLine("z")), 8, 10, 1, 1))
    assert rows.is_covered
    rows.go(7)
    assert not rows.is_covered
    assert shown(rows) == ["", "y"]


def test_another_life_of_the_file_is_followed_from_its_end() -> None:
    rows = rows_of(*"abcdef")
    rows.go(0)
    rows.hold(LogWindow((LogLine("new"),), 0, 1, 1, 1, life=1))
    assert rows.following
    assert shown(rows) == ["new"]


def test_the_last_lines_stay_in_view_when_the_log_has_been_counted() -> None:
    lines = tuple(map(LogLine, "abcdef"))
    rows = LogRows()
    rows.fit(4, 5)
    rows.hold(LogWindow(lines, None, 3, 1, 5))
    assert shown(rows) == list("cdef")
    rows.move(-1)
    rows.hold(LogWindow(lines, 94, 100, 5, 5))
    assert shown(rows) == list("bcde")
    assert rows.in_view == range(95, 99)


def test_the_first_line_may_be_asked_for_before_the_log_is_counted() -> None:
    rows = LogRows()
    rows.fit(4, 5)
    rows.hold(LogWindow(tuple(map(LogLine, "abcdef")), None, 3, 1, 5))
    rows.go_home()
    assert rows.wanted[0] == 0
    assert not rows.is_covered
    rows.hold(LogWindow((LogLine("first"),), 0, 10, 1, 5))
    assert shown(rows)[0] == "first"
