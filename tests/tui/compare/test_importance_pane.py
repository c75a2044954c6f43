"""The estimate of what a metric depends on."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.app import App, ComposeResult

from mlops_tui.domain.compare.importance import Estimate
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.compare import importance_pane
from tests.patience import PATIENCE


async def test_what_marked_runs_depend_on_is_estimated_beside_the_loop_of_the_interface(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    threads: list[threading.Thread] = []

    def estimate(runs: Sequence[Run], _metric: str, _direction: Direction) -> Estimate:
        threads.append(threading.current_thread())
        return Estimate((), len(runs), 0)

    async def ask(*_: Any) -> dict[str, Direction]:
        return {}

    monkeypatch.setattr(importance_pane, "importances", estimate)
    shell = SimpleNamespace(settings=SimpleNamespace(state_dir=tmp_path))
    monkeypatch.setattr(importance_pane, "shell_of", lambda _: shell)
    monkeypatch.setattr(importance_pane, "ask", ask)
    found = await importance_pane.ImportancePane(None).read("loss", ())
    assert found.runs == 0
    assert threads
    assert threading.main_thread() not in threads


class SlowPane(importance_pane.ImportancePane):
    """Estimates when a test lets it."""

    def __init__(self) -> None:
        super().__init__(None)
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.may_end = asyncio.Semaphore(0)

    async def read(self, metric: str, compared: Sequence[Run]) -> Estimate:
        self.begun.put_nowait(metric)
        await self.may_end.acquire()
        return Estimate((), len(compared), 0)


class PaneApp(App[None]):
    def compose(self) -> ComposeResult:
        yield SlowPane()


async def test_what_is_to_be_estimated_again_is_so_though_an_estimate_is_going_on() -> None:
    async with asyncio.timeout(PATIENCE), PaneApp().run_test() as pilot:
        pane = pilot.app.query_one(SlowPane)
        pane.show("loss", ())
        assert await pane.begun.get() == "loss"
        pane.forget()
        pane.show("loss", ())
        pane.may_end.release()
        assert await pane.begun.get() == "loss"
        pane.may_end.release()
