"""Where the lines of a log file are."""

from pathlib import Path

import pytest

from mlops_tui.services.logs import log_index, log_spans
from mlops_tui.services.logs.log_index import LogIndex
from mlops_tui.services.logs.log_lines import LONG
from mlops_tui.services.logs.logs import _window

NESTED = (
    b"start\n"
    + b"".join(
        b"\router %d/3" % outer + b"".join(b"\n\r  inner %d/4\x1b[A" % inner for inner in range(4))
        for outer in range(3)
    )
    + b"\router 3/3\n\ndone\nlast"
)
HOSTILE = (
    b"a\n\n\r\nb\x00\xff\n10%\r20%\r\n\x1b[31mred\x1b[0m\n\x1b[3A\rup\n\nx\x1b[99Ftop\n\n\nend"
)


def lines_of(index: LogIndex) -> list[str]:
    index.update(60)
    return [line.text for line in _window(index, 0, 10**6).lines]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "output.log"


def test_nested_bars_take_one_line_each(path: Path) -> None:
    path.write_bytes(NESTED)
    assert lines_of(LogIndex(path)) == ["start", "outer 3/3", "  inner 3/4", "done", "last"]


@pytest.mark.parametrize("data", [NESTED, HOSTILE], ids=["nested bars", "hostile"])
@pytest.mark.parametrize("seen", [True, False], ids=["seen between", "not seen between"])
def test_a_log_that_grows_reads_as_if_it_had_always_been_there(
    path: Path, data: bytes, seen: bool
) -> None:
    path.write_bytes(data)
    whole = lines_of(LogIndex(path))
    for cut in range(len(data) + 1):
        path.write_bytes(data[:cut])
        index = LogIndex(path)
        index.update(60)
        if seen:
            lines_of(index)
        with path.open("ab") as file:
            file.write(data[cut:])
        assert (cut, lines_of(index)) == (cut, whole)
        assert index.life == 0


@pytest.mark.parametrize("span", [1, 20, 65_536])
@pytest.mark.parametrize("block", [40, 200, 1 << 20])
def test_spans_and_blocks_change_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch, span: int, block: int
) -> None:
    data = NESTED + b"".join(b"\nline %d" % number for number in range(300)) + b"\n" + NESTED
    path.write_bytes(data)
    whole = lines_of(LogIndex(path))
    monkeypatch.setattr(log_spans, "SPAN", span)
    monkeypatch.setattr(log_index, "BLOCK", block)
    index = LogIndex(path)
    assert lines_of(index) == whole
    firsts = [index.spans.first_line(number) for number in range(len(index.spans) + 1)]
    assert firsts == sorted(firsts)


def test_rows_above_many_bars_stand_still(path: Path) -> None:
    rows = b"".join(b"line %d\n" % number for number in range(5_000))
    path.write_bytes(rows + b"\x1b[2A\rhere\n\n" + rows + b"\x1b[Aagain\n")
    index = LogIndex(path)
    found = lines_of(index)
    assert found[4_997:5_001] == ["line 4997", "here", "line 4999", "line 0"]
    assert found[-2:] == ["line 4998", "again"]
    assert index.settled_lines >= 9_990


def test_a_line_of_megabytes_is_one_line_whose_last_state_counts(path: Path) -> None:
    bars = b"".join(b"\r%8d" % step for step in range(300_000))
    path.write_bytes(b"first\n" + bars + b"\nlast\n" + b"x" * 3_000_000 + b"\n" + bars)
    index = LogIndex(path)
    found = lines_of(index)
    assert [len(found), found[0], found[1], found[2], found[4]] == [
        5, "first", "  299999", "last", "  299999",
    ]  # fmt: skip
    assert set(found[3]) == {"x"}
    assert _window(index, 3, 1).lines[0].left_out > LONG // 2


def test_an_endless_line_is_counted_as_it_grows(path: Path) -> None:
    index = LogIndex(path)
    for _ in range(4):
        with path.open("ab") as file:
            file.write(b"x" * 700_000)
        assert len(lines_of(index)) == 1
    with path.open("ab") as file:
        file.write(b"\nnext")
    assert lines_of(index)[1:] == ["next"]


def test_a_log_that_is_not_there_is_empty(path: Path) -> None:
    index = LogIndex(path)
    assert lines_of(index) == []
    assert index.is_counted


def test_a_log_that_is_removed_emptied_or_replaced_is_read_anew(path: Path) -> None:
    path.write_bytes(b"one\ntwo\n")
    index = LogIndex(path)
    assert lines_of(index) == ["one", "two"]
    path.write_bytes(b"three\n")
    assert (lines_of(index), index.life) == (["three"], 1)
    path.write_bytes(b"four!\nand more\n")
    assert (lines_of(index), index.life) == (["four!", "and more"], 2)
    path.unlink()
    assert (lines_of(index), index.life) == ([], 3)
    path.write_bytes(b"five\n")
    assert lines_of(index) == ["five"]


def test_counting_takes_no_longer_than_it_may(path: Path) -> None:
    path.write_bytes(b"line\n" * 1_000_000)
    index = LogIndex(path)
    index.update(0)
    assert 0 < index.counted < index.size
    while not index.is_counted:
        index.update(0)
    assert index.spans.lines == 1_000_000
    assert len(index.spans) < 100
