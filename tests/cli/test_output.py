"""How data is printed."""

import os
import sys

import pytest

from mlops_tui.cli import output


@pytest.fixture
def narrow_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", str(len("one  two")))


def test_a_table_names_the_columns_that_a_terminal_has_no_room_for(
    narrow_terminal: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    output.print_table(("one", "two", "three", "four"), [("1", "2", "3", "4")])
    shown = capsys.readouterr()
    assert shown.out == "one  two\n1    2\n"
    assert shown.err == "mlops-tui: The terminal is too narrow for 2 more columns: three, four.\n"


def test_a_pipe_gets_all_columns(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_table(("wide", "b"), [("漢字", "x" * 80)])
    assert capsys.readouterr().out == f"wide  b\n漢字  {'x' * 59}…\n"


def test_a_terminal_is_not_steered_by_what_csv_holds(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    output.print_csv(("key",), [("\x1b[2Jx\ny",), (1.5,), (None,)])
    assert capsys.readouterr().out == 'key\n"\x1b[2Jx\ny"\n1.5\n""\n'
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    output.print_csv(("key",), [("\x1b[2Jx\ny",)])
    assert capsys.readouterr().out == "key\nx↵y\n"


def test_json_is_what_every_program_reads(capsys: pytest.CaptureFixture[str]) -> None:
    output.print_json({"a": [float("inf"), 1.5, None], "b": "\x9b"})
    out = capsys.readouterr().out
    assert '"inf"' in out
    assert out.isascii()
    assert os.linesep in out
