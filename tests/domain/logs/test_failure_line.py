"""Why a process ended."""

import pytest

from mlops_tui.domain.logs.failure_line import last_words

PLAIN = """\
Traceback (most recent call last):
  File "a.py", line 1, in <module>
    raise DataMissing("no file")
mine.DataMissing: no file

"""
GROUP = """\
  + Exception Group Traceback (most recent call last):
  |   File "a.py", line 1, in <module>
  | ExceptionGroup: two (2 sub-exceptions)
  +-+---------------- 1 ----------------
    | Traceback (most recent call last):
    |   File "a.py", line 2
    | Odd: inner
    +------------------------------------
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PLAIN + "epoch 3 error=0.12\nmean squared error: 0.5\n", "mine.DataMissing: no file"),
        (f"ValueError: first\n{PLAIN}", "mine.DataMissing: no file"),
        (GROUP, "Odd: inner"),
        ("error=0.12\nall is well\n", ""),
        ("tick 0\n", ""),
        ("fatal: no such device\ntick 0\n", "fatal: no such device"),
        ("Error: 404 Not found\nbye\n", "Error: 404 Not found"),
        ("Traceback (most recent call last):\n", ""),
        ("bash: line 1: python: command not found\n", "bash: line 1: python: command not found"),
        ("\n \n", ""),
    ],
)
def test_the_end_of_a_log_says_why(text: str, words: str) -> None:
    assert last_words(text.split("\n")) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("the data are missing", "the data are missing"),
        ("INFO:root:tick 0", ""),
        ("2026-11-30 10:00:00 warning tick 0", ""),
        (" 50%|#####     | 5/10 [00:01<00:01, 5.0it/s]", ""),
    ],
)
def test_what_was_written_last_to_standard_error_is_a_reason_unless_it_is_usual(
    line: str, words: str
) -> None:
    assert last_words(["tick 0", line], line) == words
    assert last_words(["ValueError: no", line], line) == "ValueError: no"
