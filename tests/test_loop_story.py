"""The whole loop in a real terminal: nothing is typed but keys, what follows is watched."""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.store import Store
from mlops_tui.services.demo.story_launch import TITLE
from mlops_tui.services.launchers import processes
from mlops_tui.services.retraining import attempt_runs
from tests import detached
from tests.patience import PATIENCE
from tests.terminal import Terminal

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serve"), pytest.mark.timeout(2_400)]

COMMAND = Path(sys.executable).with_name("mlops-tui")
LONG = 3 * PATIENCE
"""Seconds for a training or a check, each of which imports MLflow in a process of its own."""


@pytest.fixture(autouse=True)
def tidy() -> Iterator[None]:
    with detached.nothing_left_behind():
        yield


def stop_all(state_dir: Path) -> None:
    """Stop what goes on after the story: the endpoint and the monitor."""
    for kind in ProcessKind:
        for record in processes.list_processes(state_dir, kind):
            if record.state.is_active:
                processes.stop(state_dir, kind, record.process_id)


def log_of_story(state_dir: Path) -> str:
    (story,) = [
        job for job in processes.list_processes(state_dir, ProcessKind.JOB) if job.title == TITLE
    ]
    return (state_dir / story.kind / story.process_id / "output.log").read_text()


def test_a_model_comes_back_to_production_after_the_world_has_moved(tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    try:
        with Terminal([COMMAND, "demo", demo], environ=os.environ) as terminal:
            terminal.wait_for("? Help")
            terminal.press("0")
            terminal.wait_for("S tells the story of the demo")
            terminal.press("S")
            terminal.wait_for("Models (1)", LONG)
            terminal.wait_for("v1 ✓", LONG)  # in Production, its gate passed
            terminal.wait_for("✓ 0/4", LONG)  # served, captured, watched: no drift
            terminal.wait_for("! a allow v2 into Production", LONG)
            # Drift of two columns, and what it costs, once labels of the newest chunk are there.
            terminal.wait_match(r"! 2/4 0\.[4-8]", LONG)
            terminal.press("a")
            terminal.wait_for("Move the new version to Production?")
            terminal.press("enter")
            terminal.wait_for("v2 ✓", LONG)
            terminal.wait_for("✓ 0/4", LONG)
            terminal.wait_for("✓ nothing", LONG)
            terminal.press("q")
            assert terminal.wait_exit() == 0
        detached.wait_for(lambda: "of them failed" in log_of_story(demo / "state"))
        told = log_of_story(demo / "state")
        assert "Drift is gone: v2 answers." in told
        assert re.search(r"Sent [\d,]+ requests, 0 of them failed", told)
        (attempt,) = attempt_runs.list_attempts(Store(f"sqlite:///{demo}/mlflow.db"), "loans")
        assert (attempt.step, attempt.version) == ("done", "2")
        assert attempt.new_rows > 0
    finally:
        stop_all(demo / "state")
