"""Reading the runs of a comparison, and what their metric depends on."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from mlops_tui.domain.compare.importance import Estimate, importances
from mlops_tui.domain.metrics.direction import guess_direction
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.services.compare import run_importance
from mlops_tui.services.compare.run_importance import ViewedRuns
from mlops_tui.services.metrics import metric_directions
from mlops_tui.services.runs.runs_by_id import read_runs_anywhere
from mlops_tui.tui.kit.control_screen import ControlScreen


async def read_compared(
    screen: ControlScreen, run_ids: Sequence[str], known: Sequence[Run]
) -> tuple[Run, ...]:
    """Return the runs as they are now, in the order of the ids, without those that are gone.

    Runs known to have ended are not asked for. The name of an experiment is only told where runs
    of several are asked for: one that is known stays.
    """
    ended = {run.run_id: run for run in known if run.status not in OPEN}
    asked = [run_id for run_id in dict.fromkeys(run_ids) if run_id not in ended]
    names = {run.run_id: run.experiment_name for run in known}
    read = await screen.ask(read_runs_anywhere, screen.shell.settings.store, asked)
    found = ended | {
        run.run_id: replace(run, experiment_name=run.experiment_name or names.get(run.run_id, ""))
        for run in read
    }
    return tuple(found[run_id] for run_id in dict.fromkeys(run_ids) if run_id in found)


async def read_importance(
    screen: ControlScreen, viewed: ViewedRuns | None, compared: Sequence[Run], metric: str
) -> Estimate:
    """Return what a metric depends on: over all the runs of a view, else over those compared."""
    settings = screen.shell.settings
    directions = await screen.ask(metric_directions.read_directions, settings.state_dir)
    direction = directions.get(metric) or guess_direction(metric)
    if viewed is None:
        # 1,000 runs with 200 params take seconds.
        return await asyncio.to_thread(importances, compared, metric, direction)
    return await screen.ask(run_importance.estimate, settings.store, viewed, metric, direction)
