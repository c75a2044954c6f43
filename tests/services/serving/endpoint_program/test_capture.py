"""What an endpoint writes down, and what it does where it cannot."""

import json
import os
import shutil
import stat
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mlops_tui.services.serving.endpoint_program import capture as module
from mlops_tui.services.serving.endpoint_program.capture import Capture, Choice, Exchange

if TYPE_CHECKING:
    from collections.abc import Callable

EXCHANGE = Exchange(
    request_id="r1",
    at=1_700_000_000.0,
    seconds=0.0123456789,
    status=200,
    model=("Iris", "2"),
    media_type="application/json",
    request=b'{"inputs": {"a": [1]}}',
    response=b'{"predictions": [0]}',
    sizes=(22, 20),
)


def everything(capture: Capture, kind: str = "capture") -> list[dict[str, Any]]:
    capture.close()
    files = sorted(capture.folder.glob(f"{kind}-*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


@pytest.fixture
def take_all(tmp_path: Path) -> Capture:
    return Capture(tmp_path / "captured", b"key", Choice(share=1.0))


def test_nothing_is_captured_until_it_is_asked_for(tmp_path: Path) -> None:
    capture = Capture(tmp_path / "captured", b"key")
    assert not any(capture.wants() for _ in range(1_000))
    capture.set({"share": 0.5})
    wanted = sum(capture.wants() for _ in range(2_000))
    assert 800 < wanted < 1_200
    assert not capture.folder.exists()


def test_a_record_holds_what_was_asked_and_answered(take_all: Capture) -> None:
    take_all.take(EXCHANGE)
    (record,) = everything(take_all)
    assert record == {
        "request_id": "r1",
        "at": 1_700_000_000.0,
        "seconds": 0.012346,
        "status": 200,
        "model": "Iris",
        "version": "2",
        "share": 1.0,
        "media_type": "application/json",
        "request_bytes": 22,
        "response_bytes": 20,
        "request": '{"inputs": {"a": [1]}}',
        "response": '{"predictions": [0]}',
    }
    (file,) = take_all.folder.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(take_all.folder.stat().st_mode) == 0o700


def test_bytes_that_are_no_text_come_back_as_they_were(take_all: Capture) -> None:
    take_all.take(replace(EXCHANGE, request=b"PAR1\xff\xfe binary \x00 tail", sizes=(22, 20)))
    take_all.take(replace(EXCHANGE, request="naïv".encode()[:-2] + b"\xc3"))
    binary, cut = everything(take_all)
    import base64

    assert base64.b64decode(binary["request_base64"]) == b"PAR1\xff\xfe binary \x00 tail"
    assert cut["request"].startswith("na")


@pytest.mark.parametrize(
    "change",
    [
        {"request": b'{"inputs": {"a": [', "sizes": (999, 20)},
        {"request": b'{"inputs": [[1]]}', "sizes": (17, 20)},
    ],
)
def test_a_body_that_cannot_be_redacted_is_left_out_and_said_so(
    take_all: Capture, change: dict[str, Any]
) -> None:
    take_all.set({"columns": {"a": "drop"}})
    take_all.take(replace(EXCHANGE, **change))
    (record,) = everything(take_all)
    assert ("request" in record, record["left_out"]) == (False, ["request"])


def test_the_text_of_an_error_may_repeat_a_row_and_is_left_out(take_all: Capture) -> None:
    take_all.set({"columns": {"a": "drop"}})
    take_all.take(replace(EXCHANGE, status=400, response=b'{"message": "bad row Ada"}'))
    (record,) = everything(take_all)
    assert "Ada" not in json.dumps(record)


@pytest.mark.parametrize(
    "wrong",
    [
        {"share": 2},
        {"share": float("nan")},
        {"cap_kib": 0},
        {"limit_mib": 0},
        {"days": 0},
        {"columns": {"a": "burn"}},
        {"unknown": 1},
        {"share": "many"},
        {"cap_kib": 1e999},
        {"cap_kib": float("nan")},
    ],
)
def test_a_choice_that_cannot_be_meant_changes_nothing(
    take_all: Capture, wrong: dict[str, Any]
) -> None:
    before = take_all.choice
    with pytest.raises((ValueError, TypeError, OverflowError)):
        take_all.set(wrong)
    assert take_all.choice == before


def test_a_disk_that_takes_nothing_is_told_and_counted(take_all: Capture, tmp_path: Path) -> None:
    (tmp_path / "captured").write_text("a file where the folder should be")
    for _ in range(3):
        take_all.take(EXCHANGE)
    take_all.close()
    state = take_all.state()
    assert state["counts"] == {"dropped: not written": 3}
    assert state["problem"]
    (tmp_path / "captured").unlink()
    take_all.take(EXCHANGE)
    assert len(everything(take_all)) == 1
    assert take_all.state()["problem"] == ""


def test_half_a_line_is_taken_back(take_all: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    take_all.take(EXCHANGE)
    take_all.close()
    real: Callable[[int, bytes], int] = os.write
    monkeypatch.setattr(os, "write", lambda fd, text: real(fd, text[:10]))
    take_all.take(EXCHANGE)
    take_all.close()
    monkeypatch.undo()
    take_all.take(EXCHANGE)
    assert len(everything(take_all)) == 2
    assert take_all.counts() == {"written": 2, "dropped: not written": 1}


def test_a_full_queue_drops_and_counts(take_all: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading.Thread, "start", lambda _self: None)
    for _ in range(module.QUEUE + 5):
        take_all.take(EXCHANGE)
    assert take_all.counts() == {"dropped: queue full": 5}


def test_bodies_that_wait_take_a_limited_part_of_memory(
    take_all: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = replace(EXCHANGE, request=b"x" * (module.QUEUE_BYTES // 2))
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", lambda _self: None)
        for _ in range(3):
            take_all.take(large)
    assert take_all.counts() == {"dropped: queue full": 2}
    take_all.take(replace(EXCHANGE, request_id="r2"))
    assert [record["request_id"] for record in everything(take_all)] == ["r1", "r2"]
    take_all.take(large)
    assert len(everything(take_all)) == 3


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_writer_that_died_is_begun_again(
    take_all: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(take_all, "_write", die)
    take_all.take(EXCHANGE)
    writer = take_all._writer
    assert writer is not None
    writer.join()
    monkeypatch.undo()
    take_all.take(EXCHANGE)
    assert [record["request_id"] for record in everything(take_all)] == ["r1"]


def test_the_oldest_files_go_when_the_limit_is_reached(take_all: Capture) -> None:
    take_all.set({"limit_mib": 1})
    take_all.folder.mkdir()
    old = take_all.folder / "capture-20000101T00-1.jsonl"
    old.write_bytes(b"x" * 2 * 1024 * 1024)
    os.utime(old, (1, 1))
    take_all.take(EXCHANGE)
    assert len(everything(take_all)) == 1
    assert not old.exists()


def test_the_limit_holds_within_an_hour(take_all: Capture) -> None:
    take_all.set({"limit_mib": 1})
    large = replace(EXCHANGE, request=b"x" * 50_000)
    for number in range(60):
        take_all.take(replace(large, request_id=f"r{number}"))
        take_all.close()
    kept = everything(take_all)
    size = sum(file.stat().st_size for file in take_all.folder.iterdir())
    assert 500_000 < size <= 1024 * 1024
    assert [each["request_id"] for each in kept] == [
        f"r{number}" for number in range(60 - len(kept), 60)
    ]
    take_all.take_labels([{"request_id": "r59", "label": 1}])
    take_all.take(large)
    assert len(everything(take_all, "labels")) == 1


def test_a_folder_that_is_removed_is_made_again(take_all: Capture) -> None:
    take_all.take(EXCHANGE)
    take_all.close()
    shutil.rmtree(take_all.folder)
    take_all.take(EXCHANGE)
    assert len(everything(take_all)) == 1
    assert take_all.state()["problem"] == ""


def test_labels_are_taken_all_or_none(take_all: Capture) -> None:
    good = {"request_id": "r1", "label": [0, 1], "time": 5, "more": "ignored"}
    assert take_all.take_labels([good, {"request_id": "r2", "label": "yes"}]) == 2
    for request_id in ("", "two words", "\ud800", "x" * 129):
        with pytest.raises(ValueError, match="label 2 names no request_id that"):
            take_all.take_labels([good, {"request_id": request_id, "label": 1}])
    for wrong in ([good, {"label": 1}], [{"request_id": "r1"}], "text", [1], None):
        with pytest.raises((ValueError, TypeError)):
            take_all.take_labels(wrong)
    written = everything(take_all, "labels")
    assert [(each["request_id"], each["label"]) for each in written] == [
        ("r1", [0, 1]),
        ("r2", "yes"),
    ]
    assert "more" not in written[0]


def test_numbers_that_come_as_text_or_fractions_are_numbers_from_then_on(
    take_all: Capture,
) -> None:
    take_all.set({"share": "1", "cap_kib": 1.5, "limit_mib": "8", "days": "2"})
    assert take_all.wants()
    assert EXCHANGE.request[: take_all.cap] == EXCHANGE.request
    assert take_all.choice == Choice(1.0, 1, 8, 2.0)
    take_all.take(EXCHANGE)
    assert len(everything(take_all)) == 1
