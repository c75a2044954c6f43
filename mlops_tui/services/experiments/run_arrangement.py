"""The rows of a view of the runs that were read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import time

from mlops_tui.domain.experiments.id_list import IdList
from mlops_tui.domain.experiments.run_group import Group
from mlops_tui.domain.experiments.run_rows import arranged
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import RunView
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_filter import Kind, Vocabulary, parse, passes, vocabulary
from mlops_tui.domain.store import Store
from mlops_tui.services.runs.run_memory import lock, remembered

WINDOW = 400
"""Runs that come along with an arrangement: what is in view, with some screens around it."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The rows of a view, with what is worth knowing of the runs behind them.

    ``first_columns`` are shown while nobody has chosen others. ``runs`` are those of the rows
    asked for. ``signs`` is when each RUNNING run was last heard of (milliseconds), with its job.
    ``sorted_ahead`` is how many runs the server gave in this order.
    """

    source: RunSource
    version: int
    is_loaded: bool
    keys: IdList
    passing: int
    known: int
    total: int | None
    next_token: str
    unsupported: tuple[str, ...]
    looked_at: int
    sorted_ahead: int
    groups: Mapping[str, Group]
    depths: Mapping[str, int]
    children: Mapping[str, int]
    metrics: tuple[str, ...]
    params: tuple[str, ...]
    tags: tuple[str, ...]
    datasets: tuple[str, ...]
    first_columns: tuple[str, ...]
    signs: Mapping[str, tuple[int, str]]
    runs: tuple[Run, ...]


def rearranged(
    store: Store, source: RunSource, view: RunView, first: int, seen: int
) -> Arrangement | None:
    """Return the rows of a view as ``arrange`` does, None when version ``seen`` is the newest."""
    known = remembered(store, source)
    return None if known.version == seen else arrange(store, source, view, first)


def arrange(store: Store, source: RunSource, view: RunView, first: int = 0) -> Arrangement:
    """Return the rows of a view of what is known, with the runs around row ``first``.

    Raises ``InvalidInput`` when the words of the view are no filter.
    """
    known = remembered(store, source)
    test = passes(parse(view.words)) if view.words.strip() else None
    with lock:
        version, runs, context = known.version, list(known.runs), dict(known.context)
        keys, datasets, signs = known.keys(), known.datasets(), known.signs()
        first_columns = known.first_columns()
    rows = arranged(runs, view, time(), context=context, passes=test)
    start = max(0, first - WINDOW // 2)
    return Arrangement(
        source=source,
        version=version,
        is_loaded=known.is_loaded,
        keys=IdList(rows.keys),
        passing=rows.count,
        known=len(runs),
        total=known.total,
        next_token=known.next_token,
        unsupported=known.unsupported,
        looked_at=known.looked_at,
        sorted_ahead=known.sorted_ahead.get(view.order, 0),
        groups=rows.groups,
        depths=rows.depths,
        children=rows.children,
        metrics=keys[Kind.METRIC],
        params=keys[Kind.PARAM],
        tags=keys[Kind.TAG],
        datasets=datasets,
        first_columns=first_columns,
        signs=signs,
        runs=rows_of(store, source, rows.keys[start : start + WINDOW]),
    )


def rows_of(store: Store, source: RunSource, run_ids: Sequence[str]) -> tuple[Run, ...]:
    """Return these runs, as far as they are known."""
    known = remembered(store, source)
    with lock:
        found = (known.get(run_id) for run_id in run_ids)
        return tuple(run for run in found if run is not None)


def words_known(store: Store, source: RunSource) -> Vocabulary:
    """Return the keys with values that the known runs hold."""
    with lock:
        runs = list(remembered(store, source).runs)
    return vocabulary(runs)
