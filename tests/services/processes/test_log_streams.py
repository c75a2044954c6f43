"""Both outputs of a process on one log file, told apart."""

import os
import signal
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from mlops_tui.domain.logs.log_stream import Stream
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import log_file, log_streams, process_identity
from mlops_tui.services.processes.log_streams import LogStreams
from mlops_tui.services.processes.stream_marks import NAME
from tests import detached

OUT, ERR, UNKNOWN = Stream.STDOUT, Stream.STDERR, Stream.UNKNOWN

SAY = (
    detached.SEEN
    + """
def say(number, text):
    os.write(number, text.encode())
    seen()
"""
)
"""Says something, then waits until it is marked."""


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


def folder_of(state_dir: Path, record: ProcessRecord) -> Path:
    return state_dir / record.kind / record.process_id


def started(state_dir: Path, code: str) -> ProcessRecord:
    record = detached.python(SAY + code)
    return detached.start(state_dir, record)


def test_what_a_process_writes_in_turns_is_told_apart_also_what_it_started_says(
    state_dir: Path,
) -> None:
    code = """
for turn in range(5):
    say(1, f"out {turn}\\n")
    say(2, f"err {turn}\\n")
    say(2, f"err {turn} again\\n")
import subprocess
subprocess.run(["sh", "-c", "sh -c 'echo below >&2'"])
seen()
subprocess.run(["sh", "-c", "echo aside"], stdout=2)
seen()
say(1, "out")
"""
    record = started(state_dir, code)
    assert detached.ended(state_dir, record).exit_code == 0
    turns = [
        line
        for turn in range(5)
        for line in ((f"out {turn}", OUT), (f"err {turn}", ERR), (f"err {turn} again", ERR))
    ]
    end = [("below", ERR), ("aside", ERR), ("out", OUT)]
    assert detached.told(folder_of(state_dir, record)) == [*turns, *end]


def test_nothing_false_is_said_of_a_burst_of_which_no_line_is_lost(state_dir: Path) -> None:
    code = """
for number in range(20_000):
    os.write(1, b"out %d\\n" % number)
    os.write(2, b"err %d\\n" % number)
time.sleep(0.3)
for number in range(20_000):
    os.write(2, b"err %d\\n" % (20_000 + number))
"""
    record = started(state_dir, code)
    assert detached.ended(state_dir, record).exit_code == 0
    lines = detached.told(folder_of(state_dir, record))
    said = [f"{name} {number}" for number in range(20_000) for name in ("out", "err")]
    assert [text for text, _ in lines] == said + [f"err {20_000 + n}" for n in range(20_000)]
    false = {OUT: "err", ERR: "out"}
    assert [line for line in lines if line[0].startswith(false.get(line[1], "?"))] == []
    assert {stream for _, stream in lines[40_000:]} == {ERR}
    assert (folder_of(state_dir, record) / NAME).stat().st_size < 40_000


def test_a_killed_supervisor_leaves_the_rest_unknown_yet_loses_no_line(state_dir: Path) -> None:
    code = """
say(1, "out\\n")
say(2, "err\\n")
say(1, "go\\n")
open(folder + "/ready", "w").close()
while not os.path.exists(folder + "/go"):
    time.sleep(0.01)
for turn in range(3):
    os.write(1 + turn % 2, b"after\\n")
os.rename(folder + "/go", folder + "/gone")
time.sleep(600)
"""
    record = started(state_dir, code)
    folder = folder_of(state_dir, record)
    detached.wait_for((folder / "ready").exists)
    pid, since = record.supervisor_pid or 0, record.supervisor_started_at
    os.kill(pid, signal.SIGKILL)
    detached.wait_for(lambda: not process_identity.is_alive(pid, since))
    (folder / "go").touch()
    detached.wait_for((folder / "gone").exists)
    assert detached.told(folder)[:2] == [("out", OUT), ("err", ERR)]
    assert detached.told(folder)[3:] == [("after", UNKNOWN)] * 3
    processes.stop(state_dir, record.kind, record.process_id)
    assert detached.ended(state_dir, record).state is ProcessState.STOPPED
    assert detached.told(folder)[3:] == [("after", UNKNOWN)] * 3


@pytest.fixture
def streams(tmp_path: Path) -> LogStreams:
    return LogStreams(tmp_path)


def test_of_what_both_wrote_only_the_end_is_known(streams: LogStreams, tmp_path: Path) -> None:
    for number, text in ((1, b"a\n"), (2, b"b\n"), (1, b"c\n"), (1, b"d\n")):
        os.write((0, streams.stdout, streams.stderr)[number], text)
    streams.look()
    assert detached.told(tmp_path) == [("a", UNKNOWN), ("b", UNKNOWN), ("c", OUT), ("d", OUT)]
    os.write(streams.stderr, b"e\n")
    streams.look()
    streams.look()
    assert detached.told(tmp_path)[3:] == [("d", OUT), ("e", ERR)]


def test_nothing_false_is_said_of_what_is_written_while_it_looks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    position = log_streams._position
    monkeypatch.setattr(log_streams, "FileWatch", lambda _path: None)
    for number, writes in enumerate(product(("", "o", "e", "oe", "eo"), repeat=4)):
        folder = tmp_path / str(number)
        folder.mkdir()
        streams, left = LogStreams(folder), iter(writes)

        def look_late(
            descriptor: int, streams: LogStreams = streams, left: Iterator[str] = left
        ) -> int:
            for name in next(left, ""):
                os.write(streams.stdout if name == "o" else streams.stderr, name.encode() + b"\n")
            return position(descriptor)

        monkeypatch.setattr(log_streams, "_position", look_late)
        streams.look()
        streams.look()
        false = {("o", ERR), ("e", OUT)}
        assert (writes, false & set(detached.told(folder))) == (writes, set())
        os.close(streams.stdout)
        os.close(streams.stderr)


def test_what_others_write_is_unknown(streams: LogStreams, tmp_path: Path) -> None:
    with (tmp_path / log_file.NAME).open("a") as log:
        log.write("other\n")
    streams.look()
    os.write(streams.stderr, b"err\n")
    streams.look()
    assert detached.told(tmp_path) == [("other", UNKNOWN), ("err", ERR)]
    os.lseek(streams.stdout, 0, os.SEEK_END)
    os.write(streams.stderr, b"err\n")
    streams.look()
    assert detached.told(tmp_path)[1:] == [("err", ERR), ("err", ERR)]


def test_of_a_log_that_was_emptied_nothing_is_said(streams: LogStreams, tmp_path: Path) -> None:
    os.write(streams.stdout, b"a long line\n")
    streams.look()
    os.truncate(tmp_path / log_file.NAME, 0)
    os.write(streams.stderr, b"err\n")
    streams.look()
    os.write(streams.stderr, b"a long line\n")
    streams.look()
    assert detached.told(tmp_path) == [("err", UNKNOWN), ("a long line", UNKNOWN)]


def test_a_log_is_told_apart_though_the_marks_cannot_be_written(tmp_path: Path) -> None:
    streams = LogStreams(tmp_path)
    (tmp_path / NAME).mkdir()
    os.write(streams.stdout, b"lost\n")
    streams.look()
    (tmp_path / NAME).rmdir()
    os.write(streams.stderr, b"err\n")
    streams.look()
    assert detached.told(tmp_path) == [("lost", UNKNOWN), ("err", ERR)]


def test_where_the_kernel_does_not_tell_of_writes_the_file_is_looked_at(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    streams = LogStreams(tmp_path)
    os.write(streams.stderr, b"err\n")
    streams.watch(0.001)
    assert detached.told(tmp_path) == [("err", ERR)]
