"""What is read for a comparison."""

import threading
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from mlops_tui.domain.compare.importance import Estimate
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.compare import comparison_reading

if TYPE_CHECKING:
    from mlops_tui.tui.kit.control_screen import ControlScreen


async def test_what_marked_runs_depend_on_is_estimated_beside_the_loop_of_the_interface(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    threads: list[threading.Thread] = []

    def estimate(runs: Sequence[Run], _metric: str, _direction: Direction) -> Estimate:
        threads.append(threading.current_thread())
        return Estimate((), len(runs), 0)

    async def ask(*_: Any) -> dict[str, Direction]:
        return {}

    monkeypatch.setattr(comparison_reading, "importances", estimate)
    shell = SimpleNamespace(settings=SimpleNamespace(state_dir=tmp_path))
    screen = cast("ControlScreen", SimpleNamespace(shell=shell, ask=ask))
    found = await comparison_reading.read_importance(screen, None, (), "loss")
    assert found.runs == 0
    assert threads
    assert threading.main_thread() not in threads
