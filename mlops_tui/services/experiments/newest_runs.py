"""The newest runs over all active experiments."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from time import time
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.experiments.experiment import HISTORY, KIND_TAG, MONITORING
from mlops_tui.domain.feed.feed import Entry, ended, entry
from mlops_tui.domain.runs.run import Run, RunPage
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.mlflow_internals import sessions_of, tables
from mlops_tui.services.runs.run_bulk import read_many
from mlops_tui.services.runs.runs import search_runs_in
from mlops_tui.services.store.store import client

if TYPE_CHECKING:
    from mlflow import MlflowClient

MOST_OPEN, MOST_ENDED = 1_000, 500
"""Runs that are still to end, runs that have ended: so many of each, the newest."""

FIRST_PAGE, LATER_PAGE = 250, 25
"""Ended runs that a server is asked for at once, at first and when some are known: most of the time
goes into their order, 100 ms where there are a hundred thousand."""

OPEN_PAGE = 100
"""Open runs that a server is asked for at once: 50 to 180 ms of its time."""

MOST_OPEN_ASKED = 200
"""Open runs that a server is asked for. They are read at each look, since any of them may have
changed."""

EXPERIMENTS_AT_ONCE = 2_000
"""Experiments named in one search; some databases take no more than 2,100 parameters."""

OPEN_FILTER = " and ".join(
    f"attributes.status != '{status}'" for status in ("FINISHED", "FAILED", "KILLED")
)
ENDED_FILTER = " and ".join(f"attributes.status != '{status}'" for status in sorted(OPEN))
"""MLflow's grammar knows neither OR nor IN for a status."""


@dataclass(frozen=True, slots=True)
class Newest:
    """The runs still to end, newest start first, with those ended last, newest end first."""

    open: tuple[Entry, ...] = ()
    ended: tuple[Entry, ...] = ()
    is_whole: bool = True
    """Whether that is all."""


def newest_runs(store: Store, before: Newest | None) -> Newest:
    """Return the newest runs as they are now, given those of ``before`` where they were read.

    What had ended before is not read again where nothing tells that it has changed. Without
    ``before`` all is read.
    """
    opened = client(store)
    if sessions_of(opened) is None:
        return _of_server(store, before or Newest())
    return _of_database(opened, before or Newest())


Head = tuple[str, str, str, int | None, str]
"""What tells that an ended run has changed: its id, name, status, end, the experiment's name."""


def _of_database(opened: "MlflowClient", before: Newest) -> Newest:
    open_heads, ended_heads = _heads(opened)
    held = {_head(one): one for one in before.ended}
    shown = open_heads[:MOST_OPEN] + ended_heads[:MOST_ENDED]
    experiments = {head[0]: head[4] for head in shown}
    missing = [head[0] for head in shown if head not in held]
    fresh = {run.run_id: run for run in read_many(opened, missing)}
    found = [
        entry(fresh[head[0]], experiments[head[0]]) if head[0] in fresh else held.get(head)
        for head in shown
    ]
    return Newest(
        tuple(one for one in found if one and one.is_open),
        tuple(one for one in found if one and not one.is_open),
        len(shown) == len(open_heads) + len(ended_heads),
    )


def _heads(opened: "MlflowClient") -> tuple[list[Head], list[Head]]:
    """Return the heads of open with those of ended runs, one more than are wanted of each."""
    from sqlalchemy import func, select

    run, of, tag = tables().runs, tables().experiments, tables().experiment_tags
    kinds: Any = tag.value.in_((HISTORY, MONITORING))
    own: Any = select(tag.experiment_id).where(tag.key == KIND_TAG, kinds)
    end: Any = func.coalesce(run.end_time, run.start_time)
    active: Any = select(run.run_uuid, run.name, run.status, run.end_time, of.name).where(
        of.experiment_id == run.experiment_id,
        run.lifecycle_stage == "active",
        of.lifecycle_stage == "active",
        run.experiment_id.not_in(own),
    )
    still = active.where(run.status.in_(OPEN)).order_by(run.start_time.desc())
    over = active.where(run.status.not_in(OPEN)).order_by(end.desc())
    with sessions_of(opened)() as session:

        def read(wanted: Any, most: int) -> list[Head]:
            return [
                (run_id, name or "", status, end_time, experiment)
                for run_id, name, status, end_time, experiment in session.execute(
                    wanted.limit(most + 1)
                )
            ]

        return read(still, MOST_OPEN), read(over, MOST_ENDED)


def _head(one: Entry) -> Head:
    run = one.run
    return run.run_id, run.name, run.status, run.ended_at, one.experiment


def _of_server(store: Store, before: Newest) -> Newest:
    names = {each.experiment_id: each.name for each in list_experiments(store, monitoring=False)}
    still: list[Run] = []
    over: list[Run] = []
    is_whole = True
    for ids in _pieces(list(names), EXPERIMENTS_AT_ONCE):
        found, all_open = _open_runs(store, ids)
        still += found
        found, all_ended = _ended_runs(store, ids, before, {run.run_id for run in found})
        over += found
        is_whole = is_whole and all_open and all_ended
    still.sort(key=lambda run: -(run.started_at or 0))
    over.sort(key=lambda run: -ended(run))
    return Newest(
        tuple(entry(run, names[run.experiment_id]) for run in still[:MOST_OPEN]),
        tuple(entry(run, names[run.experiment_id]) for run in over[:MOST_ENDED]),
        is_whole and len(still) <= MOST_OPEN and len(over) <= MOST_ENDED,
    )


def _pieces(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def _open_runs(store: Store, experiment_ids: Sequence[str]) -> tuple[list[Run], bool]:
    """Return the newest runs that are still to end; whether those are all."""
    runs: list[Run] = []
    page = RunPage(())
    for page in islice(
        _pages(store, experiment_ids, OPEN_FILTER, OPEN_PAGE), MOST_OPEN_ASKED // OPEN_PAGE
    ):
        runs += page.runs
    return runs, not page.next_token


def _ended_runs(
    store: Store, experiment_ids: Sequence[str], before: Newest, still: Collection[str]
) -> tuple[list[Run], bool]:
    """Return the runs that ended last; whether those are all.

    Pages are read until one reaches what was known: what is older has been read before. Ends in
    the future, by a clock that is wrong, tell nothing of that: runs go on ending before them.
    """
    now = round(time() * 1000)
    newest = next((one.at for one in before.ended if one.at <= now), None)
    size = FIRST_PAGE if newest is None else LATER_PAGE
    runs: dict[str, Run] = {}
    for page in islice(
        _pages(store, experiment_ids, ENDED_FILTER, size, ("attributes.end_time DESC",)),
        MOST_ENDED // size,
    ):
        runs.update((run.run_id, run) for run in page.runs)
        until = ended(page.runs[-1]) if page.runs else 0
        if not page.next_token:
            return list(runs.values()), True
        if newest is not None and until <= newest:
            mine, here = {*runs, *still}, set(experiment_ids)
            known = (one.run for one in before.ended if one.at < until)
            older = (run for run in known if run.experiment_id in here and run.run_id not in mine)
            return [*runs.values(), *older], before.is_whole
    return list(runs.values()), False


def _pages(
    store: Store,
    experiment_ids: Sequence[str],
    server_filter: str,
    size: int,
    order_by: Sequence[str] = (),
) -> Iterator[RunPage]:
    token = ""
    while True:
        page = search_runs_in(
            store,
            experiment_ids,
            server_filter=server_filter,
            page_token=token,
            limit=size,
            order_by=order_by,
        )
        yield page
        token = page.next_token
        if not token:
            return
