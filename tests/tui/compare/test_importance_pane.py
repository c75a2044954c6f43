"""The estimate of what a metric depends on."""

import threading
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from mlops_tui.domain.compare.importance import Estimate
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.compare import importance_pane


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
