"""The marks beside a log."""

from pathlib import Path

import pytest

from mlops_tui.domain.logs.log_stream import Stream
from mlops_tui.services.processes import stream_marks
from mlops_tui.services.processes.stream_marks import MarkWriter, StreamMarks

OUT, ERR, UNKNOWN = Stream.STDOUT, Stream.STDERR, Stream.UNKNOWN


def test_a_stretch_that_grows_takes_one_mark(tmp_path: Path) -> None:
    writer, marks = MarkWriter(tmp_path / "marks"), StreamMarks(tmp_path / "marks")
    marks.update()
    assert not marks
    for end in range(10, 1_000, 10):
        writer.add(end - 10, end, OUT)
        marks.update()
        assert [marks.stream_of(0, end), marks.stream_of(0, end + 1)] == [OUT, UNKNOWN]
    writer.add(1_000, 1_010, OUT)
    writer.add(1_010, 1_020, ERR)
    writer.add(1_020, 1_020, OUT)
    marks.update()
    assert (tmp_path / "marks").stat().st_size == 4 * stream_marks.MARK
    stretches = [
        (980, 990),
        (989, 991),
        (990, 1_000),
        (1_000, 1_010),
        (1_009, 1_011),
        (1_010, 1_020),
    ]
    streams = [OUT, UNKNOWN, UNKNOWN, OUT, UNKNOWN, ERR]
    assert [marks.stream_of(*stretch) for stretch in stretches] == streams


def test_of_too_many_marks_the_newer_half_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream_marks, "MOST", 10)
    writer, marks = MarkWriter(tmp_path / "marks"), StreamMarks(tmp_path / "marks")
    for turn in range(1, 101):
        writer.add(turn - 1, turn, (OUT, ERR)[turn % 2])
        marks.update()
        known = [marks.stream_of(at - 1, at) for at in range(1, turn + 1)]
        assert (tmp_path / "marks").stat().st_size <= 11 * stream_marks.MARK
        assert known[-4:] == [(OUT, ERR)[at % 2] for at in range(1, turn + 1)][-4:]
    assert set(known[:90]) == {UNKNOWN}
    assert [path.name for path in tmp_path.iterdir()] == ["marks"]


def test_marks_that_were_forgotten_are_forgotten_by_readers(tmp_path: Path) -> None:
    writer, marks = MarkWriter(tmp_path / "marks"), StreamMarks(tmp_path / "marks")
    writer.forget()
    writer.add(0, 10, ERR)
    marks.update()
    writer.forget()
    marks.update()
    assert marks.stream_of(0, 10) is UNKNOWN
    (tmp_path / "marks").write_bytes(b"\xff" * 13)
    marks.update()
    assert marks.stream_of(0, 10) is UNKNOWN
