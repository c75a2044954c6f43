from pathlib import Path

import pytest

from mlops_tui.services.processes import log_file
from mlops_tui.services.processes.log_file import LogChunk


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "output.log"


def follow(path: Path, limit: int) -> str:
    chunk = log_file.read(path, 0, limit)
    text = chunk.text
    while chunk.end < chunk.size:
        chunk = log_file.read(path, chunk.end, limit)
        text += chunk.text
    return text


def test_a_log_that_is_not_there_yet_is_empty(log: Path) -> None:
    assert log_file.read(log, None, 10) == LogChunk("", 0, 0, 0)


def test_the_tail_begins_with_a_whole_line(log: Path) -> None:
    log.write_text("one\ntwo\nthree\n")
    assert log_file.read(log, None, 9) == LogChunk("three\n", 8, 14, 14)
    assert log_file.read(log, None, 100) == LogChunk("one\ntwo\nthree\n", 0, 14, 14)


def test_a_piece_ends_with_a_whole_line_and_the_rest_comes_next(log: Path) -> None:
    log.write_text("one\ntwo\nepoch 3")
    first = log_file.read(log, 0, 100)
    assert (first.text, first.end, first.size) == ("one\ntwo\n", 8, 15)
    assert log_file.read(log, first.end, 100).text == "epoch 3"


@pytest.mark.parametrize("limit", [4, 5, 7, 100])
def test_following_yields_every_character_once_whatever_is_cut(log: Path, limit: int) -> None:
    text = "é🎉 ✓\nlong line without end " * 20 + "日本"
    log.write_text(text)
    assert follow(log, limit) == text


def test_what_is_no_text_is_replaced(log: Path) -> None:
    log.write_bytes(b"a\xff\xfeb\n\xf0\x9f")
    assert follow(log, 100) == "a\ufffd\ufffdb\n\ufffd"


def test_a_tail_without_line_end_begins_with_a_whole_character(log: Path) -> None:
    log.write_text("🎉" * 10)
    assert log_file.read(log, None, 6).text == "🎉"


def test_an_offset_beyond_the_end_waits_there(log: Path) -> None:
    log.write_text("one\n")
    assert log_file.read(log, 99, 10) == LogChunk("", 4, 4, 4)
    assert log_file.read(log, -5, 10).text == "one\n"


def test_only_a_piece_is_read_of_a_huge_file(log: Path) -> None:
    with log.open("wb") as file:
        file.seek(10**12)
        file.write(b"\nthe end\n")
    assert log_file.read(log, None, 20).text == "the end\n"


def test_the_last_words_are_the_last_that_speak_of_an_error(log: Path) -> None:
    log.write_text("ValueError: first\nINFO fine\nKeyError: 'x'\n\nINFO: shutting down\n")
    assert log_file.last_words(log) == "KeyError: 'x'"


def test_without_an_error_the_last_words_are_the_last_line_of_standard_error(log: Path) -> None:
    text = "one\n\x1b[31mtwo\x1b[0m\r\n   \n"
    log.write_text(text)
    assert log_file.last_words(log) == ""
    assert log_file.last_words(log, ends_in_error=True) == "two"


def test_an_empty_log_has_no_last_words(log: Path) -> None:
    log.write_text("\n")
    assert log_file.last_words(log) == ""


def test_last_words_do_not_carry_a_password(log: Path) -> None:
    log.write_text("Error: https://me:tops3cret@host/x refused\n")
    assert log_file.last_words(log) == "Error: https://***@host/x refused"


@pytest.mark.parametrize(
    "line",
    [
        "Error: --password {} is wrong",
        "ValueError: cannot log in with {{'api_key': '{}', 'user': 'ann'}}",
        "denied: Authorization: Bearer {}",
    ],
)
def test_last_words_carry_no_secret_cut_or_whole(log: Path, line: str) -> None:
    for length in (10, 250, 5_000):
        for before in (0, 240, 280):
            log.write_text("-" * before + line.format("hu5h" * length) + "\n")
            assert "hu5" not in log_file.last_words(log)
            assert log_file.last_words(log)


def test_of_a_line_longer_than_what_is_read_nothing_is_told(log: Path) -> None:
    log.write_text("Error: password=" + "hu5h" * 50_000)
    assert log_file.last_words(log, ends_in_error=True) == ""
    log.write_text("50 %" * 50_000 + "\rError: no data\n")
    assert log_file.last_words(log) == "Error: no data"
