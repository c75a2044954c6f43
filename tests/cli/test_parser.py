"""How the command line of the interface is read."""

import subprocess
import sys

import pytest

from mlops_tui.cli.parser import parse, parser

OPENINGS = [
    [],
    ["--read-only"],
    ["--tracking-uri", "x", "--no-read-only"],
    ["--theme=nord", "--stale-after", "5"],
]


@pytest.mark.parametrize("words", OPENINGS)
def test_what_opens_the_interface_reads_the_same_as_beside_sub_commands(words: list[str]) -> None:
    assert parse(words) == vars(parser().parse_args(words))


def test_the_interface_opens_without_the_sub_commands() -> None:
    code = """
import sys
from mlops_tui.cli.parser import parse

parse(["--read-only"])
assert "mlops_tui.cli.sub_commands" not in sys.modules
parse(["doctor"])
assert "mlops_tui.cli.sub_commands" in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("words", [["--tracking-uri"], ["--read-only=3"], ["--"], ["--there"]])
def test_what_cannot_be_read_is_refused_with_the_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words)
    assert ended.value.code == 2
    assert "COMMAND ..." in capsys.readouterr().err


def test_words_that_are_not_known_are_named_without_their_secrets(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(["train", "t.py", "--api-key", "hush", "--auth=hush", "--rate", "3"])
    assert "unrecognized arguments: --api-key *** --auth=*** --rate 3" in capsys.readouterr().err
