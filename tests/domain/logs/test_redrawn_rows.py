"""Rows on which the cursor of a terminal goes up again."""

import pytest

from mlops_tui.domain.logs.redrawn_rows import RedrawnRows


def written(data: bytes) -> list[bytes]:
    rows = RedrawnRows(iter(()))
    rows.write(data, 0)
    return [data[start:end] for start, end in rows]


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (b"a\nb\n", [b"a", b"b"]),
        (b"a\nb\n\x1b[2Ac\n", [b"c", b"b"]),
        (b"a\nb\n\x1b[Ac", [b"a", b"c"]),
        (b"a\nb\n\x1b[9Fc", [b"c", b"b"]),
        (b"a\nb\nc\n\x1b[3A\x1b[1Bd", [b"a", b"d", b"c"]),
        (b"a\nb\nc\n\x1b[3A\x1b[9Ed", [b"a", b"b", b"d"]),
        (b"10%\r50%\r", [b"50%"]),
        (b"a\n\x1b[1A\x1b[31m\n", [b"a"]),
        (b"\x1b[5Aa", [b"a"]),
        (b"\x1b[5Ba", [b"a"]),
    ],
)
def test_each_row_has_what_was_last_written_on_it(data: bytes, rows: list[bytes]) -> None:
    assert written(data) == rows


def test_a_copy_goes_on_by_itself() -> None:
    rows = RedrawnRows(iter([(0, 1)]))
    other = rows.copy()
    other.write(b"b\n", 2)
    assert list(rows) == [(0, 1)]
    assert list(other) == [(0, 1), (2, 3)]


def test_rows_are_settled_once_the_cursor_stays_below_them() -> None:
    rows = RedrawnRows(iter(()))
    rows.write(b"head\na\nb\n\x1b[2A", 0)
    assert rows.settled == 1
    rows.write(b"c\nd\n", 20)
    assert rows.settled == 1
    rows.write(b"e\nf\ng\n", 30)
    assert (rows.quiet, rows.settled) == (3, len(rows) - 2)
