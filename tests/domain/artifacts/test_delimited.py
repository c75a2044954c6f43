"""Tables in text."""

import pytest

from mlops_tui.domain.artifacts.delimited import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, read_rows


def rows(text: str, *, tabs: bool = False, is_cut: bool = False) -> list[tuple[str, ...]]:
    return list(read_rows(text, tabs=tabs, is_cut=is_cut))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_first_line_tells_the_delimiter(delimiter: str) -> None:
    assert rows(f"a{delimiter}b\n1{delimiter}2\n") == [("a", "b"), ("1", "2")]


def test_tabs_are_taken_where_the_name_says_so() -> None:
    assert rows("a,b,c\td\n", tabs=True) == [("a,b,c", "d")]


def test_quotes_may_hold_commas_and_line_ends() -> None:
    assert rows('a,b\n"1,5","two\nlines"\n') == [("a", "b"), ("1,5", "two\nlines")]


def test_rows_are_made_equally_long_and_empty_lines_left_out() -> None:
    assert rows("a,b\n\n1\n1,2,3\n") == [("a", "b", ""), ("1", "", ""), ("1", "2", "3")]
    assert rows("") == []


def test_numbers_have_few_digits_whole_ones_and_texts_all_of_theirs() -> None:
    text = "0.02040816326530612,-12.5,123456789,1.22.333.4444,0.000"
    assert rows(text) == [("0.0204082", "-12.5", "123456789", "1.22.333.4444", "0.000")]


def test_half_a_row_at_the_end_of_a_beginning_is_left_out() -> None:
    assert rows("a,b\n1,2\n3", is_cut=True) == [("a", "b"), ("1", "2")]
    assert rows("a,b\n1,2\n3") == [("a", "b"), ("1", "2"), ("3", "")]
    assert rows("abc", is_cut=True) == [("abc",)]


@pytest.mark.parametrize("is_cut", [True, False])
def test_no_more_is_read_than_is_shown(is_cut: bool) -> None:
    found = rows("x,y\n" + "1,2\n" * (MOST_ROWS + 50), is_cut=is_cut)
    assert len(found) == MOST_ROWS + 1
    assert len(rows(",".join(["c"] * (MOST_COLUMNS + 5)) + "\n")[0]) == MOST_COLUMNS
    assert rows("a,b\n" + "x" * 5_000 + ",1\n")[1] == ("x" * LONGEST_CELL, "1")
