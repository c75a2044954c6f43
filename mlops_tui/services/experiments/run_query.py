"""The runs that pass a filter.

MLflow knows neither OR nor IN: a filter becomes queries whose answers are merged, newest first.
What MLflow's grammar cannot say is tested here on what comes back.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from time import time
from typing import TYPE_CHECKING, Protocol

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.runs.run import Run, RunPage
from mlops_tui.domain.store import Store
from mlops_tui.services.runs.runs import search_runs_in
from mlops_tui.services.store import store as stores
from mlops_tui.services.store.failures import translated

if TYPE_CHECKING:
    from mlops_tui.domain.runs.run_filter import Kind, Term

LARGEST = 1_000
"""Runs of one query: 0.7 ms of CPU each."""

MOST_LOOKED_AT = 2_000
"""Runs tested in one call, where the server cannot; then the page is given as it is."""


@translated()
def query_runs(
    store: Store,
    experiment_ids: Sequence[str],
    text: str = "",
    *,
    page_token: str = "",
    limit: int = 100,
    deleted: bool = False,
) -> RunPage:
    """Return a page of the active runs (or the deleted ones) that pass a filter.

    The text may also be an expression of MLflow's own. Raises ``InvalidInput`` with what is wrong
    with the filter, or with the server's own words.
    """
    from mlops_tui.domain.runs.run_filter import check_length, is_mlflow_expression, parse

    text = text.strip()
    check_length(text)
    search = partial(search_runs_in, store, experiment_ids, deleted=deleted)
    if not text or is_mlflow_expression(text):
        return search(server_filter=text, page_token=page_token, limit=limit)
    term = parse(text)
    if not stores.exists(store):
        return RunPage(())
    if page_token:
        return _tested_page(search, term, _PageCursor(**json.loads(page_token)), limit)
    return _first_page(search, term, limit)


class Search(Protocol):
    """Asks the server for runs of the experiments meant."""

    def __call__(self, *, server_filter: str, page_token: str = "", limit: int) -> RunPage:
        """Return a page, newest first."""


@dataclass(frozen=True, slots=True)
class _PageCursor:
    """How far the queries have been read: up to a start time, and which runs of that time."""

    filters: Sequence[str]
    unsupported: Sequence[str]
    until: int | None = None
    seen: Sequence[str] = ()

    def after(self, runs: Sequence[Run]) -> "_PageCursor":
        if not runs:
            return self
        until = runs[-1].started_at or 0
        seen = [run.run_id for run in runs if (run.started_at or 0) == until]
        return replace(self, until=until, seen=[*seen, *(self.seen if until == self.until else ())])

    def queries(self) -> list[str]:
        """Return the filters, for what has not been read."""
        if self.until is None:
            return list(self.filters)
        rest = f"attributes.start_time <= {self.until}"
        return [f"{each} and {rest}" if each else rest for each in self.filters]


def _first_page(search: Search, term: "Term", limit: int) -> RunPage:
    from mlops_tui.domain.runs.run_filter import kindless_keys, server_query

    kinds = {key: _kinds(search, key) for key in kindless_keys(term)}
    query = server_query(term, kinds, time())
    try:
        return _tested_page(search, term, _PageCursor(query.filters, query.unsupported), limit)
    except InvalidInput:
        older = query.without_null()
        if older == query:
            raise
        return _tested_page(search, term, _PageCursor(older.filters, older.unsupported), limit)


def _kinds(search: Search, key: str) -> "frozenset[Kind]":
    """Return what a key is in the runs of the experiments."""
    from mlops_tui.domain.runs.run_filter import Field, Kind, probe

    return frozenset(
        kind
        for kind in (Kind.METRIC, Kind.PARAM, Kind.TAG)
        if search(server_filter=probe(Field(key, kind)), limit=1).runs
    )


def _tested_page(search: Search, term: "Term", cursor: _PageCursor, limit: int) -> RunPage:
    from mlops_tui.domain.runs.run_filter import passes

    test = passes(term)
    found: list[Run] = []
    looked_at, size, more = 0, limit, True
    while more and len(found) < limit and looked_at < MOST_LOOKED_AT:
        runs, more = _next_runs(search, cursor, min(size, LARGEST))
        taken = 0
        for run in runs:
            if len(found) == limit:
                break
            taken += 1
            if test(run):
                found.append(run)
        cursor, looked_at, size = cursor.after(runs[:taken]), looked_at + taken, size * 4
        more = more or taken < len(runs)
    token = json.dumps(asdict(cursor)) if more else ""
    return RunPage(tuple(found), token, tuple(cursor.unsupported), looked_at)


def _next_runs(search: Search, cursor: _PageCursor, size: int) -> tuple[list[Run], bool]:
    """Return the newest ``size`` runs beyond the cursor; whether there are more.

    Each query gives its newest, so that the newest of all are among them.
    """
    merged: dict[str, Run] = {}
    more = False
    for query in cursor.queries():
        page = search(server_filter=query, limit=size + len(cursor.seen))
        more = more or bool(page.next_token)
        merged.update((run.run_id, run) for run in page.runs if run.run_id not in cursor.seen)
    runs = sorted(merged.values(), key=lambda run: (-(run.started_at or 0), run.run_id))
    return runs[:size], more or len(runs) > size
