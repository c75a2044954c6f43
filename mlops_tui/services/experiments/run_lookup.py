"""Runs by the beginning of their id."""

import re
from collections.abc import Sequence
from dataclasses import replace

from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.runs.runs import search_runs_in
from mlops_tui.services.store.failures import translated

ID = re.compile(r"[\w-]+", re.ASCII)

SHOWN = 4
"""Runs named where the beginning of an id fits several."""


@translated()
def find_runs(store: Store, beginnings: Sequence[str]) -> tuple[Run, ...]:
    """Return the runs whose ids begin so, in this order.

    Raises ``NotFound`` where there is none, ``InvalidInput`` where there are several.
    """
    names = {each.experiment_id: each.name for each in list_experiments(store)}
    found = [_find(store, list(names), beginning) for beginning in beginnings]
    return tuple(replace(run, experiment_name=names[run.experiment_id]) for run in found)


def _find(store: Store, experiment_ids: Sequence[str], beginning: str) -> Run:
    if not ID.fullmatch(beginning):
        raise InvalidInput(f"{one_line(beginning, 60)} is no beginning of a run's id.")
    query = f"attributes.run_id LIKE '{beginning}%'"
    page = search_runs_in(store, experiment_ids, server_filter=query, limit=SHOWN)
    # An _ stands for anything in LIKE, a capital is a small letter to SQLite.
    found = [run for run in page.runs if run.run_id.startswith(beginning)]
    if not found:
        raise NotFound(f"There is no run whose id begins with {beginning}.")
    whole = [run for run in found if run.run_id == beginning]
    if len(found) > 1 and not whole:
        ids = ", ".join(run.run_id for run in found)
        raise InvalidInput(f"Several ids begin with {beginning}: {ids}.", "Type more of it.")
    return (whole or found)[0]
