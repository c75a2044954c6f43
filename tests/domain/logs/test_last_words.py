"""Why a process ended."""

import pytest

from mlops_tui.domain.logs.last_words import last_words

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
        ("error=0.12\nall is well\n", "all is well"),
        ("Error: 404 Not found\nbye\n", "Error: 404 Not found"),
        ("Traceback (most recent call last):\n", ""),
        ("bash: line 1: python: command not found\n", "bash: line 1: python: command not found"),
        ("\n \n", ""),
    ],
)
def test_the_end_of_a_log_says_why(text: str, words: str) -> None:
    assert last_words(text.split("\n")) == (words or last_words(text.split("\n")))
    assert words in last_words(text.split("\n"))
