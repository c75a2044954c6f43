"""The log of a detached process, read where somebody looks."""

from pathlib import Path

import pytest

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.logs.log_window import FoundLines, LogSearch, LogWindow, Sought
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.services.jobs.job_lookup import find_job
from mlops_tui.services.logs import logs
from mlops_tui.services.processes import log_file, records
from tests import detached

TEXT = LogSearch(Sought.TEXT, "needle")


class Process:
    """A process that was, with its log."""

    def __init__(self, state_dir: Path) -> None:
        self.state_dir = state_dir
        self.record = detached.planned("true")
        self.path = records.create(state_dir, self.record) / log_file.NAME

    def window(self, first: int | None, most: int = 10) -> LogWindow:
        record = self.record
        return logs.read_window(
            self.state_dir, record.kind, record.process_id, first=first, most=most
        )

    def find(self, search: LogSearch, begin: int = 0) -> FoundLines:
        record = self.record
        return logs.find_lines(self.state_dir, record.kind, record.process_id, search, begin)

    def find_all(self, search: LogSearch) -> list[int]:
        found: list[int] = []
        begin, is_all = 0, False
        while not is_all:
            part = self.find(search, begin)
            found += part.lines
            begin, is_all = part.next_line, part.is_all
            assert 0 <= part.share <= 1
        return found


@pytest.fixture
def process(tmp_path: Path) -> Process:
    return Process(tmp_path / "state")


def texts(window: LogWindow) -> list[str]:
    return [line.text for line in window.lines]


def test_the_lines_asked_for_come_with_their_number(process: Process) -> None:
    process.path.write_bytes(b"".join(b"line %d\n" % number for number in range(30_000)) + b"end")
    last = process.window(None, 2)
    assert (texts(last), last.first, last.total) == (["line 29999", "end"], 29_999, 30_001)
    assert texts(process.window(0, 2)) == ["line 0", "line 1"]
    middle = process.window(15_000, 3)
    assert (texts(middle)[0], middle.first) == ("line 15000", 15_000)
    beyond = process.window(10**9)
    assert (beyond.lines, beyond.first) == ((), 30_001)


def test_an_absent_log_is_empty(process: Process) -> None:
    assert process.window(None) == LogWindow((), 0, 0, 0, 0)
    assert process.find(TEXT) == FoundLines((), 0, 0, is_all=True, share=1.0)
    with pytest.raises(NotFound, match="no process"):
        logs.read_window(process.state_dir, ProcessKind.JOB, "../x", first=0, most=1)


def test_the_last_lines_are_there_before_all_are_counted(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.path.write_bytes(b"".join(b"line %d\n" % number for number in range(300_000)))
    monkeypatch.setattr(logs, "AT_ONCE", 0)
    window = process.window(None, 2)
    assert (texts(window), window.first) == (["line 299998", "line 299999"], None)
    assert not window.is_counted
    assert texts(process.window(0, 1)) == ["line 0"]
    while not window.is_counted:
        window = process.window(None, 2)
    assert (texts(window), window.first) == (["line 299998", "line 299999"], 299_998)


def test_progress_is_that_of_the_last_lines_wherever_one_looks(process: Process) -> None:
    process.path.write_bytes(b"line\n" * 1_000 + b"\r 10%|#  | 1/10 [00:01<00:09, 1.0it/s]")
    for first in (0, None):
        progress = process.window(first).progress
        assert progress is not None
        assert progress.done == 1


@pytest.mark.parametrize("moment", [0, 10])
def test_lines_are_found_by_what_is_shown_of_them(
    process: Process, monkeypatch: pytest.MonkeyPatch, moment: int
) -> None:
    filler = b"nothing here\n" * 20_000
    said = b"nee\x1b[31mdle\n" + b"needle\rgone\n" + b"a NEEDLE\r\n"
    bars = b"one\ntwo needles\n\x1b[2A\rneedle 2\n\n"
    process.path.write_bytes(said + filler + bars + filler + b"needle unfinished")
    monkeypatch.setattr(logs, "AT_ONCE", moment)
    assert process.find_all(TEXT) == [0, 2, 20_003, 20_004]
    assert process.find_all(LogSearch(Sought.TEXT, "NEEDLE")) == [2]
    assert process.find_all(LogSearch(Sought.TEXT, "größe")) == []


def test_no_more_are_found_at_once_than_are_sent(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    process.path.write_bytes(b"needle\n" * 50_000)
    monkeypatch.setattr(logs, "MOST_FOUND", 100)
    assert not process.find(TEXT).is_all
    assert process.find_all(TEXT) == list(range(50_000))


def test_errors_are_found(process: Process) -> None:
    process.path.write_bytes(b"fine\nTraceback (most recent call last):\n x\nValueError: no\n")
    assert process.find_all(LogSearch(Sought.ERRORS)) == [1, 3]


def job(state_dir: Path, process_id: str, created_at: int) -> ProcessRecord:
    record = ProcessRecord(
        process_id, ProcessKind.JOB, process_id, ("true",), "/", (), "", created_at
    )
    records.create(state_dir, record)
    return record


def test_a_job_is_found_by_the_beginning_of_its_id_or_as_the_last(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There are no jobs"):
        find_job(tmp_path, "last")
    job(tmp_path, "20261124-100000-aaaa", 1)
    job(tmp_path, "20261124-110000-bbbb", 2)
    assert find_job(tmp_path, "last").process_id == "20261124-110000-bbbb"
    assert find_job(tmp_path, "20261124-10").process_id == "20261124-100000-aaaa"
    with pytest.raises(InvalidInput, match="20261124-110000-bbbb, 20261124-100000-aaaa"):
        find_job(tmp_path, "2026")
    with pytest.raises(NotFound, match=r"no job \.\./x.*newest is 20261124-110000-bbbb"):
        find_job(tmp_path, "../x")
    with pytest.raises(NotFound, match="There is no job"):
        find_job(tmp_path, "")
