"""The installed command in a real terminal."""

import os
import re
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.services.launchers import processes
from tests import detached
from tests.ports import free_port
from tests.terminal import Terminal

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve"), pytest.mark.timeout(1_200)]

COMMAND = Path(sys.executable).with_name("mlops-tui")

ENTERED = (b"\x1b[?1049h", b"\x1b[?1000h", b"\x1b[?25l")
LEFT = (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?25h")
"""The alternate screen, the mouse, the hidden cursor."""


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    with detached.nothing_left_behind():
        yield


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    return tmp_path / "demo"


def open_demo(directory: Path) -> Terminal:
    terminal = Terminal([COMMAND, "demo", directory])
    terminal.wait_for("? Help")
    return terminal


def launch_training(terminal: Terminal) -> None:
    terminal.press("2")
    terminal.wait_for("No training jobs yet")
    terminal.press("n")
    terminal.wait_for("What to launch")
    terminal.wait_for("Random forest on synthetic data")
    terminal.press("enter")
    terminal.wait_for("New training job")
    terminal.press("ctrl+s")
    terminal.wait_for("RandomForest_Run_1")
    terminal.wait_for("● running")


def quit_app(terminal: Terminal) -> None:
    terminal.press("q")
    assert terminal.wait_exit() == 0


def is_restored(terminal: Terminal) -> bool:
    """Return whether the last thing said of each mode is that it is off again."""
    output = bytes(terminal.output)
    return all(
        output.rfind(left) > output.rfind(entered) >= 0
        for entered, left in zip(ENTERED, LEFT, strict=True)
    )


def register(terminal: Terminal) -> None:
    terminal.press("R")
    terminal.wait_for("Register a model of RandomForest_Run_1")
    terminal.type("IrisClassifierRF")
    terminal.press("enter")
    terminal.wait_for("Created IrisClassifierRF v1")
    terminal.press("enter")
    terminal.wait_for("models:/IrisClassifierRF/1")


def enter_production(terminal: Terminal) -> None:
    terminal.press("t")
    terminal.wait_for("Move IrisClassifierRF v1")
    terminal.press("p", "enter")
    terminal.wait_gone("Move IrisClassifierRF v1")
    terminal.wait_for("◆ Production")


def serve(terminal: Terminal, port: str) -> None:
    terminal.press("s")
    terminal.wait_for("Serve IrisClassifierRF v1")
    terminal.press(*["backspace"] * 5)
    terminal.wait_for("Port: needs a value")  # Textual takes letters before such keys
    terminal.type(port)
    terminal.press("enter")
    terminal.wait_for(f"127.0.0.1:{port}")
    terminal.wait_for("● ready")


def test_from_training_to_a_prediction_by_keys_alone(demo: Path) -> None:
    port = str(free_port())
    with open_demo(demo) as terminal:
        launch_training(terminal)
        terminal.wait_for("✓ finished")
        terminal.press("1")
        terminal.wait_for("✓ FINISHED RandomForest_Run_1")
        assert "0.905" in terminal.screen
        register(terminal)
        enter_production(terminal)
        serve(terminal, port)
        terminal.press("enter", "ctrl+s")
        terminal.wait_for("✓ 200")
        assert re.search(r"prediction\s+[01]\b", terminal.screen)
        terminal.press("escape")
        terminal.wait_for("▌● ready")
        quit_app(terminal)
    with open_demo(demo) as terminal:
        terminal.press("4")
        terminal.wait_for("● ready")
        assert port in terminal.screen
        terminal.press("x")
        terminal.wait_for("Stop serving IrisClassifierRF")
        terminal.press("enter")
        terminal.wait_for("■ stopped")
        quit_app(terminal)


def test_training_goes_on_when_the_connection_is_lost(demo: Path) -> None:
    with open_demo(demo) as terminal:
        launch_training(terminal)
        terminal.hang_up()
        terminal.wait_exit()
    (job,) = processes.list_processes(demo / "state", ProcessKind.JOB)
    assert job.state.is_active
    with open_demo(demo) as terminal:
        terminal.press("2")
        terminal.wait_for("RandomForest_Run_1")
        terminal.wait_for("✓ finished")
        quit_app(terminal)


def test_the_terminal_is_restored_at_the_end(demo: Path) -> None:
    with open_demo(demo) as terminal:
        assert not is_restored(terminal)
        quit_app(terminal)
        assert is_restored(terminal)


def test_the_terminal_is_restored_when_the_app_is_told_to_end(demo: Path) -> None:
    with open_demo(demo) as terminal:
        os.kill(terminal.pid, signal.SIGTERM)
        assert terminal.wait_exit() == 128 + signal.SIGTERM
        assert is_restored(terminal)


def test_looking_around_in_an_empty_directory_leaves_nothing_there(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    with Terminal([COMMAND], cwd=empty) as terminal:
        terminal.wait_for("No experiments yet")
        for key, text in (("2", "No training"), ("3", "No registered"), ("4", "No servers")):
            terminal.press(key)
            terminal.wait_for(text)
        terminal.press("1")
        terminal.wait_for("No experiments yet")
        terminal.press("n")
        terminal.wait_for("New experiment")
        terminal.type("\x1b2")  # as tmux sends escape with a 2 behind it
        terminal.wait_for("No training")
        quit_app(terminal)
    assert list(empty.iterdir()) == []
