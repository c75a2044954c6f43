"""The pseudo-terminal that other tests look through."""

import sys
from pathlib import Path

import pytest

from tests.terminal import Terminal, key_bytes

ECHO = """
import sys, tty
tty.setraw(0)
sys.stdout.write("ready\\r\\n")
sys.stdout.flush()
while (key := sys.stdin.read(1)) != "q":
    sys.stdout.write(f"<{ord(key)}>")
    sys.stdout.flush()
sys.exit(3)
"""


def test_keys_go_in_where_the_screen_comes_out() -> None:
    with Terminal([sys.executable, "-c", ECHO]) as terminal:
        terminal.wait_for("ready")
        terminal.press("a", "ctrl+s", "enter")
        terminal.type("hi")
        terminal.wait_for("<97><19><13><104><105>")
        terminal.press("q")
        assert terminal.wait_exit() == 3


def test_an_answer_is_counted_in_bytes() -> None:
    with Terminal([sys.executable, "-c", ECHO]) as terminal:
        terminal.wait_for("ready")
        answer = terminal.answer_to("a")
        assert answer.size == len("<97>")
        assert 0 < answer.first <= answer.last


def test_what_draws_nothing_does_not_reach_the_screen(tmp_path: Path) -> None:
    sent = r"\033[>1u\033[?2026$p\033]0;title\007\033P+q\033\\\033[?2026hshown\033[?2026l"
    command = f"stty -echo; printf '{sent}'; pwd; sleep 9"
    with Terminal(["sh", "-c", command], cwd=tmp_path, columns=200) as terminal:
        terminal.wait_for(str(tmp_path))
        assert terminal.screen.strip() == f"shown{tmp_path}"


def test_what_does_not_appear_is_told_with_the_screen() -> None:
    with (
        Terminal(["sh", "-c", "echo here; sleep 9"]) as terminal,
        pytest.raises(AssertionError, match=r"(?s)'there' has not appeared.*here"),
    ):
        terminal.wait_for("there", timeout=0.5)


def test_a_lost_connection_ends_the_command() -> None:
    with Terminal(["sh", "-c", "echo up; sleep 60"]) as terminal:
        terminal.wait_for("up")
        terminal.hang_up()
        assert terminal.wait_exit() < 0


def test_a_key_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="hyper"):
        key_bytes("hyper+x")
