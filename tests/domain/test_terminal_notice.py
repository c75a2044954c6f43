import re

import pytest

from mlops_tui.domain.terminal_notice import LIMIT, Protocol, notice

HOSTILE = (
    "\x07\x1b]52;c;ZXZpbA==\x07",
    "\x1b]0;owned\x1b\\",
    "\x1b\\\x1b[2J\x1b[31mred",
    "\x9d52;c;ZXZpbA==\x9c",
    "\x9b2J",
    "\x1bPtmux;\x1b\x1b]52;c;x\x07\x1b\\",
    "half an escape \x1b",
    "two\nlines\r\nand a\ttab",
    "\u202egnp.exe\u2028",
    "\x1b" * 1_000,
    "x" * 1_000_000,
    "\udce4",
)


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("protocol", [Protocol.OSC9, Protocol.OSC777])
def test_a_hostile_title_cannot_leave_its_notification(title: str, protocol: Protocol) -> None:
    sent = notice(f"{title} finished.", protocol, in_tmux=False)
    assert sent.startswith("\x1b]")
    assert sent.endswith("\x07")
    inside = sent[2:-1]
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u202e\ud800-\udfff]", inside)
    assert len(inside) <= LIMIT + 30


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_cannot_leave_the_wrapping_of_tmux(title: str) -> None:
    sent = notice(title, Protocol.OSC9, in_tmux=True)
    head, tail = "\x1bPtmux;\x1b\x1b]9;mlops-tui: ", "\x07\x1b\\"
    assert sent.startswith(head)
    assert sent.endswith(tail)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", sent[len(head) : -len(tail)])


def test_each_protocol_has_its_own_form() -> None:
    assert (
        notice("a finished.", Protocol.OSC9, in_tmux=False) == "\x1b]9;mlops-tui: a finished.\x07"
    )
    expected = "\x1b]777;notify;mlops-tui;a finished.\x07"
    assert notice("a finished.", Protocol.OSC777, in_tmux=False) == expected
    assert notice("a finished.", Protocol.OFF, in_tmux=True) == ""


def test_a_title_makes_no_progress_bar_and_no_third_field() -> None:
    assert notice("4;1;50", Protocol.OSC9, in_tmux=False) == "\x1b]9;mlops-tui: 4,1,50\x07"
    sent = notice("a;b", Protocol.OSC777, in_tmux=False)
    assert sent == "\x1b]777;notify;mlops-tui;a,b\x07"
