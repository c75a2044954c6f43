"""Every list says that it is being read until there was an answer."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.worker.service_process import ServiceProcess
from mlops_tui.tui.app import ControlRoom
from mlops_tui.tui.compare.compare_screen import CompareScreen
from mlops_tui.tui.experiments.experiments_screen import ExperimentsScreen
from mlops_tui.tui.feed.feed_screen import FeedScreen
from mlops_tui.tui.jobs.training_screen import TrainingScreen
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.models.models_screen import ModelsScreen
from mlops_tui.tui.run.run_screen import RunScreen
from mlops_tui.tui.serving.serving_screen import ServingScreen
from mlops_tui.tui.sweeps.sweep_screen import SweepScreen
from tests.detached import planned
from tests.tui.story import settings_for

SCREENS: dict[str, Callable[[], Any]] = {
    "experiments": ExperimentsScreen,
    "training": TrainingScreen,
    "models": ModelsScreen,
    "serving": ServingScreen,
    "feed": FeedScreen,
    "run": lambda: RunScreen("abc"),
    "comparison": lambda: CompareScreen(["a", "b"]),
    "sweep": lambda: SweepScreen(planned("true")),
}


class SilentProcess(ServiceProcess):
    """A service process that takes calls and answers none."""

    def _spawn(self, number: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(["/bin/sleep", "600"], pass_fds=(number,), stdin=subprocess.DEVNULL)


@pytest.mark.parametrize("name", SCREENS)
async def test_every_list_is_said_to_be_read_until_there_was_an_answer(
    name: str, store: Store, state_dir: Path
) -> None:
    settings = settings_for(store, state_dir)
    app = ControlRoom(settings, SilentProcess(settings.store, settings.state_dir))
    async with app.run_test(size=(120, 36), notifications=True) as pilot:
        screen = SCREENS[name]()
        await app.push_screen(screen)
        await pilot.pause()
        screen.action_refresh_data()
        await pilot.press("r", "j", "k")
        assert not app.faults.errors
        for table in screen.query(Table):
            assert table._placeholder.text == "reading…", table.id
        assert not app.faults.errors
