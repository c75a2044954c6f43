"""The runs that were read, kept in the service process.

The interface asks for the order of all that it shows, then for the runs of the rows in view: a
hundred thousand runs cost it a few megabytes, and no sorting or filtering of theirs holds up a key.
"""

import gc
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import time

from mlops_tui.domain.id_list import IdList
from mlops_tui.domain.known_runs import KnownRuns
from mlops_tui.domain.run import Run, RunPage
from mlops_tui.domain.run_filter import Kind, Vocabulary, parse, passes, vocabulary
from mlops_tui.domain.run_group import Group
from mlops_tui.domain.run_order import server_order
from mlops_tui.domain.run_rows import arranged
from mlops_tui.domain.run_source import RunSource
from mlops_tui.domain.run_view import RunView, SortKey
from mlops_tui.domain.store import Store
from mlops_tui.services import store as stores
from mlops_tui.services.best_values import best_values
from mlops_tui.services.failures import translated
from mlops_tui.services.metric_points import sessions_of
from mlops_tui.services.run_bulk import read_many, run_ids_of
from mlops_tui.services.run_query import query_runs
from mlops_tui.services.runs import search_runs_in
from mlops_tui.services.runs_by_id import MANY, read_runs, read_runs_anywhere

PAGE = 100
"""Runs of the first page: 50 to 180 ms of MLflow's time, whatever the size of the store."""

AHEAD = 500
"""Runs that are read in an order of the server's: 0.7 ms of CPU each."""

LEAST_AT_ONCE, MOST_AT_ONCE = 1_000, 10_000
"""Runs that are read from a database in one call: some 50 µs each."""

MOST_SOURCES = 4
"""Experiments, or queries of them, that are remembered; the one seen longest ago is forgotten."""

WINDOW = 400
"""Runs that come along with an arrangement: what is in view, with some screens around it."""


@dataclass(frozen=True, slots=True)
class Arrangement:
    """The rows of a view, with what is worth knowing of the runs behind them.

    ``runs`` are those of the rows asked for. ``signs`` is when each RUNNING run was last heard of
    (milliseconds), with its job. ``sorted_ahead`` is how many runs the server gave in this order.
    """

    source: RunSource
    version: int
    is_loaded: bool
    keys: IdList
    passing: int
    known: int
    total: int | None
    next_token: str
    left: tuple[str, ...]
    looked_at: int
    sorted_ahead: int
    groups: Mapping[str, Group]
    depths: Mapping[str, int]
    children: Mapping[str, int]
    metrics: tuple[str, ...]
    params: tuple[str, ...]
    tags: tuple[str, ...]
    datasets: tuple[str, ...]
    signs: Mapping[str, tuple[int, str]]
    runs: tuple[Run, ...]


_lock = threading.RLock()
_reading = threading.Lock()
"""Held while the rest of an experiment is read: two calls at once would read the same runs."""

_known: "OrderedDict[tuple[Store, RunSource], KnownRuns]" = OrderedDict()
_marks: dict[tuple[Store, RunSource], str] = {}


@translated()
def refresh(store: Store, source: RunSource, *, nested: bool = False, anew: bool = False) -> int:
    """Read what has changed; return the version of what is known then.

    A file that has not been written since is not read, unless asked ``anew``. With ``nested``,
    parents that are elsewhere are read too.
    """
    known, mark = _remembered(store, source), stores.fingerprint(store)
    unchanged = mark is not None and _marks.get((store, source)) == mark
    if not (unchanged and known.is_loaded) or anew:
        page = _search(store, source)
        with _lock:
            changing = known.unfinished_beyond(page)
            known.refresh(page)
        if changing:
            _update(known, _read_changing(store, source, changing))
    if nested and (missing := known.missing_parents()[:MANY]):
        parents = read_runs_anywhere(store, missing)
        with _lock:
            known.add_context(missing, parents)
    if mark is not None:
        _marks[store, source] = mark
    return known.version


@translated()
def reread(store: Store, source: RunSource) -> int:
    """Let all that is known beyond the first page be read again; return the version then.

    A database says which runs are left, ``read_rest`` reads them; of a server the later pages are
    forgotten.
    """
    known, opened = _remembered(store, source), stores.client(store)
    ids = None if source.query else run_ids_of(opened, source.experiment_id, deleted=source.deleted)
    page = _search(store, source)
    with _reading, _lock:
        known.begin_again(page, ids)
    return known.version


@translated()
def read_on(store: Store, source: RunSource, token: str) -> int:
    """Read the page after ``token``, unless somebody has; return the version then."""
    known = _remembered(store, source)
    if token and token == known.next_token:
        page = _search(store, source, token)
        with _lock:
            if token == known.next_token:
                known.extend(page)
    return known.version


@translated()
def read_rest(store: Store, source: RunSource) -> int:
    """Read a good part of the runs that a database still has; return the version then.

    Where no database answers, or only a query can tell which runs are meant, nothing is read.
    """
    known = _remembered(store, source)
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
    known, wanted = _remembered(store, source), server_order(order)
    if wanted is None or source.query or not known.next_token:
        return known.version
    if sessions_of(stores.client(store)) is None:
        where = (source.experiment_id,)
        page = search_runs_in(store, where, limit=AHEAD, deleted=source.deleted, order_by=wanted)
        with _lock:
            known.add_ahead(order, page.runs)
    return known.version


@translated()
def learn_extremes(store: Store, source: RunSource, keys: Sequence[str]) -> int:
    """Look at the histories of metrics that were not looked at yet; return the version then."""
    known = _remembered(store, source)
    for key in keys:
        with _lock:
            missing = known.without_extremes(key)
        if missing and (found := best_values(store, missing, key, seconds=2.0)):
            with _lock:
                known.learn(found)
    return known.version


def rearranged(
    store: Store, source: RunSource, view: RunView, first: int, seen: int
) -> Arrangement | None:
    """Return the rows of a view as ``arrange`` does, None when version ``seen`` is the newest."""
    known = _remembered(store, source)
    return None if known.version == seen else arrange(store, source, view, first)


def arrange(store: Store, source: RunSource, view: RunView, first: int = 0) -> Arrangement:
    """Return the rows of a view of what is known, with the runs around row ``first``.

    Raises ``InvalidInput`` when the words of the view are no filter.
    """
    known = _remembered(store, source)
    test = passes(parse(view.words)) if view.words.strip() else None
    with _lock:
        version, runs, context = known.version, list(known.runs), dict(known.context)
        keys, datasets, signs = known.keys(), known.datasets(), known.signs()
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
        left=known.left,
        looked_at=known.looked_at,
        sorted_ahead=known.sorted_ahead.get(view.order, 0),
        groups=rows.groups,
        depths=rows.depths,
        children=rows.children,
        metrics=keys[Kind.METRIC],
        params=keys[Kind.PARAM],
        tags=keys[Kind.TAG],
        datasets=datasets,
        signs=signs,
        runs=rows_of(store, source, rows.keys[start : start + WINDOW]),
    )


def rows_of(store: Store, source: RunSource, run_ids: Sequence[str]) -> tuple[Run, ...]:
    """Return these runs, as far as they are known."""
    known = _remembered(store, source)
    with _lock:
        found = (known.get(run_id) for run_id in run_ids)
        return tuple(run for run in found if run is not None)


def words_known(store: Store, source: RunSource) -> Vocabulary:
    """Return the keys with values that the known runs hold."""
    with _lock:
        runs = list(_remembered(store, source).runs)
    return vocabulary(runs)


def see(store: Store, runs: Sequence[Run]) -> None:
    """Take in how runs are after an edit, wherever they are remembered."""
    with _lock:
        for (where, _), known in _known.items():
            if where == store:
                known.update(runs)


def forget() -> None:
    """Forget all that was read."""
    with _lock:
        _known.clear()
        _marks.clear()


def _remembered(store: Store, source: RunSource) -> KnownRuns:
    with _lock:
        place = store, source
        known = _known.setdefault(place, KnownRuns(source))
        _known.move_to_end(place)
        while len(_known) > MOST_SOURCES:
            _marks.pop(_known.popitem(last=False)[0], None)
        return known


def _read_rest(store: Store, known: KnownRuns) -> None:
    opened, source = stores.client(store), known.source
    if known.rest is None:
        ids = run_ids_of(opened, source.experiment_id, deleted=source.deleted)
        known.rest = None if ids is None else [each for each in ids if each not in known]
    if known.rest is None:
        return
    size = min(MOST_AT_ONCE, max(LEAST_AT_ONCE, len(known)))
    runs = read_many(opened, known.rest[:size])
    with _lock:
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
    with _lock:
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
