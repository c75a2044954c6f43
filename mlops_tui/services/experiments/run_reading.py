"""Reading the runs of an experiment into the memory."""

import gc
import threading
from collections.abc import Sequence
from itertools import islice

from mlops_tui.domain.experiments.known_runs import KnownRuns
from mlops_tui.domain.experiments.run_order import server_order
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import SortKey
from mlops_tui.domain.runs.run import Run, RunPage
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.best_values import best_values
from mlops_tui.services.experiments.run_query import query_runs
from mlops_tui.services.mlflow_internals import sessions_of
from mlops_tui.services.runs.run_bulk import read_many, run_ids_of
from mlops_tui.services.runs.run_memory import lock, marks, remembered
from mlops_tui.services.runs.runs import search_runs_in
from mlops_tui.services.runs.runs_by_id import MANY, find_runs, read_runs, read_runs_anywhere
from mlops_tui.services.store import store as stores
from mlops_tui.services.store.failures import translated

PAGE = 100
"""Runs of the first page: 50 to 180 ms of MLflow's time, whatever the size of the store."""

AHEAD = 500
"""Runs that are read in an order of the server's: 0.7 ms of CPU each."""

LEAST_AT_ONCE, MOST_AT_ONCE = 1_000, 10_000
"""Runs that are read from a database in one call: some 50 µs each."""

_read_again: dict[tuple[Store, RunSource], tuple[str | None, ...]] = {}
"""The fingerprint of a store when runs were last read again, with which they were."""

_reading = threading.Lock()
"""Held while the rest of an experiment is read: two calls at once would read the same runs."""


@translated()
def refresh(store: Store, source: RunSource, *, nested: bool = False, anew: bool = False) -> int:
    """Read what has changed; return the version of what is known then.

    A file that has not been written since is not read, unless asked ``anew``. With ``nested``,
    parents that are elsewhere are read too.
    """
    known, mark = remembered(store, source), stores.fingerprint(store)
    unchanged = mark is not None and marks.get((store, source)) == mark
    if not (unchanged and known.is_loaded) or anew:
        page = _search(store, source)
        with lock:
            changing = known.unfinished_beyond(page)
            known.refresh(page)
        if changing:
            _update(known, _read_changing(store, source, changing))
    if nested and (missing := known.missing_parents()[:MANY]):
        parents = read_runs_anywhere(store, missing)
        with lock:
            known.add_context(missing, parents)
    if mark is not None:
        marks[store, source] = mark
    return known.version


@translated()
def read_again(store: Store, source: RunSource, run_ids: Sequence[str]) -> int:
    """Read these runs again, as far as they are beyond the first page; return the version then.

    A run that has ended is not expected to change, but somebody may rename, note or delete it.
    A file that has not been written since is not read.
    """
    known, mark = remembered(store, source), stores.fingerprint(store)
    with lock:
        newest = {run.run_id for run in islice(known.runs, PAGE)}
        asked = [each for each in run_ids if each in known and each not in newest]
    seen = (mark, *asked)
    if asked and (mark is None or _read_again.get((store, source)) != seen):
        found = find_runs(store, asked, [source.experiment_id])
        with lock:
            known.update(found)
        _read_again[store, source] = seen
    return known.version


@translated()
def reread(store: Store, source: RunSource) -> int:
    """Let all that is known beyond the first page be read again; return the version then.

    A database says which runs are left, ``read_rest`` reads them; of a server the later pages are
    forgotten.
    """
    known, opened = remembered(store, source), stores.client(store)
    ids = None if source.query else run_ids_of(opened, source.experiment_id, deleted=source.deleted)
    page = _search(store, source)
    with _reading, lock:
        known.begin_again(page, ids)
    return known.version


@translated()
def read_on(store: Store, source: RunSource, token: str) -> int:
    """Read the page after ``token``, unless somebody has; return the version then."""
    known = remembered(store, source)
    if token and token == known.next_token:
        page = _search(store, source, token)
        with lock:
            if token == known.next_token:
                known.extend(page)
    return known.version


@translated()
def read_rest(store: Store, source: RunSource) -> int:
    """Read a good part of the runs that a database still has; return the version then.

    Where no database answers, or only a query can tell which runs are meant, nothing is read.
    """
    known = remembered(store, source)
    with _reading:
        if not source.query and known.is_loaded and known.next_token:
            _read_rest(store, known)
    return known.version


@translated()
def read_ahead(store: Store, source: RunSource, order: tuple[SortKey, ...]) -> int:
    """Let a server sort the runs, read the first of them; return the version then.

    Nothing is read where all is known, or soon will be, or where only the server's words of a
    query tell which runs are meant, or where MLflow does not sort as is wanted.
    """
    known, wanted = remembered(store, source), server_order(order)
    if wanted is None or source.query or not known.next_token:
        return known.version
    if sessions_of(stores.client(store)) is None:
        where = (source.experiment_id,)
        page = search_runs_in(store, where, limit=AHEAD, deleted=source.deleted, order_by=wanted)
        with lock:
            known.add_ahead(order, page.runs)
    return known.version


@translated()
def learn_extremes(store: Store, source: RunSource, keys: Sequence[str]) -> int:
    """Look at the histories of metrics that were not looked at yet; return the version then."""
    known = remembered(store, source)
    for key in keys:
        with lock:
            missing = known.without_extremes(key)
        if missing and (found := best_values(store, missing, key, seconds=2.0)):
            with lock:
                known.learn(found)
    return known.version


def _read_rest(store: Store, known: KnownRuns) -> None:
    opened, source = stores.client(store), known.source
    if known.rest is None:
        ids = run_ids_of(opened, source.experiment_id, deleted=source.deleted)
        known.rest = None if ids is None else [each for each in ids if each not in known]
    if known.rest is None:
        return
    size = min(MOST_AT_ONCE, max(LEAST_AT_ONCE, len(known)))
    runs = read_many(opened, known.rest[:size])
    with lock:
        known.rest = known.rest[size:]
        known.extend(RunPage(runs, known.next_token if known.rest else ""))
    # They live until they are forgotten: the collector need not look at them again and again.
    gc.freeze()


def _read_changing(store: Store, source: RunSource, run_ids: Sequence[str]) -> tuple[Run, ...]:
    """Return unfinished runs as they are now: of a database all, of a server the newest."""
    opened = stores.client(store)
    if sessions_of(opened) is None:
        return read_runs(store, source.experiment_id, run_ids)
    return read_many(opened, run_ids[:MOST_AT_ONCE])


def _update(known: KnownRuns, runs: Sequence[Run]) -> None:
    with lock:
        known.update(runs)


def _search(store: Store, source: RunSource, token: str = "") -> RunPage:
    return query_runs(
        store,
        (source.experiment_id,),
        source.query,
        page_token=token,
        limit=PAGE,
        deleted=source.deleted,
    )
