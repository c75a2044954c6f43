"""The runs of an experiment as far as they have been read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from time import time
from typing import TYPE_CHECKING

from mlops_tui.domain.experiments.first_columns import first_columns
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.runs.run import Run, RunPage
from mlops_tui.domain.runs.run_filter.expression import Kind
from mlops_tui.domain.runs.silence import OPEN, last_signs

if TYPE_CHECKING:
    from mlops_tui.domain.experiments.run_view import SortKey
    from mlops_tui.domain.runs.best_value import BestValue


class KnownRuns:
    """Runs by id, newest first. ``version`` grows whenever something in them changes."""

    def __init__(self, source: RunSource) -> None:
        self.source = source
        # Of the clock, so that a service process that was started anew counts on from there.
        self.version = round(time() * 1000)
        self.next_token = ""
        self.is_loaded = False
        self.unsupported: tuple[str, ...] = ()
        self.looked_at = 0
        self.context: dict[str, Run] = {}
        """Parents of runs that are not among them."""
        self.rest: list[str] | None = None
        """The ids of the runs that a database still has, None where nobody has asked it."""
        self.sorted_ahead: Mapping[tuple[SortKey, ...], int] = {}
        """The order that a server was asked for, with how many runs it gave: they may be of pages
        that were not read."""
        self._asked: set[str] = set()
        self._runs: dict[str, Run] = {}
        self._keys: Mapping[Kind, tuple[str, ...]] | None = None
        self._datasets: tuple[str, ...] | None = None
        self._first_columns: tuple[str, ...] | None = None
        self._signs: Mapping[str, tuple[int, str]] | None = None

    def __len__(self) -> int:
        return len(self._runs)

    @property
    def runs(self) -> Iterable[Run]:
        """The runs in their order."""
        return self._runs.values()

    def get(self, run_id: str) -> Run | None:
        """Return a run, a parent beyond them too; None when it was not read."""
        return self._runs.get(run_id) or self.context.get(run_id)

    def refresh(self, page: RunPage) -> None:
        """Replace the first page; runs of later pages stay.

        Where none of the page was known, runs in between may be missing: all is to be read again.
        """
        fresh = {run.run_id: self._with_extremes(run) for run in page.runs}
        before, known = self._runs, fresh
        if fresh and before and before.keys().isdisjoint(fresh):
            before, self.rest, self.is_loaded = {}, None, False
        if page.next_token and page.runs:
            oldest = page.runs[-1].started_at or 0
            known = fresh | {
                k: r for k, r in before.items() if k not in fresh and (r.started_at or 0) <= oldest
            }
        elif page.next_token:
            known = before
        # A page without runs that has more to come may be far behind what was looked through.
        if not self.is_loaded or not page.next_token or 0 < len(known) <= len(fresh):
            self.next_token, self.looked_at = page.next_token, page.looked_at
        is_same = self.is_loaded and self.unsupported == page.unsupported and _same(before, known)
        self.unsupported, self.is_loaded = page.unsupported, True
        if not is_same:
            self._replace(known)

    def begin_again(self, page: RunPage, run_ids: Sequence[str] | None) -> None:
        """Start over with this first page; all others are read again.

        Where the ids of all runs are known, those that are known too stay until they were read;
        others are gone. Else only the page is left.
        """
        fresh = {run.run_id: self._with_extremes(run) for run in page.runs}
        left = set(run_ids or ())
        kept = {k: r for k, r in self._runs.items() if k in left and k not in fresh}
        self.sorted_ahead, self.next_token, self.looked_at = {}, page.next_token, page.looked_at
        self.rest = None if run_ids is None else [each for each in run_ids if each not in fresh]
        self._replace(fresh | kept)

    def extend(self, page: RunPage) -> None:
        """Add the next page."""
        self.next_token = page.next_token
        self.looked_at += page.looked_at
        self._runs.update((run.run_id, self._with_extremes(run)) for run in page.runs)
        if self.sorted_ahead:
            self._runs = _newest_first(self._runs)
        self._changed()

    def add_ahead(self, order: tuple["SortKey", ...], runs: Sequence[Run]) -> None:
        """Add the first runs of another order, wherever their pages are."""
        self.sorted_ahead = {order: len(runs)}
        found = {run.run_id: self._with_extremes(run) for run in runs}
        self._replace(_newest_first(self._runs | found))

    @property
    def total(self) -> int | None:
        """How many runs there are, None where that is not known."""
        if not self.next_token:
            return len(self)
        if self.rest is None:
            return None
        return len(self) + sum(each not in self._runs for each in self.rest)

    def __contains__(self, run_id: str) -> bool:
        return run_id in self._runs

    def add_context(self, asked: Iterable[str], parents: Iterable[Run]) -> None:
        """Add parents that are not among the runs; those asked for no longer count as missing."""
        found = {run.run_id: run for run in parents}
        self._asked.update(asked)
        self.context |= found
        if found:
            self._changed()

    def update(self, runs: Iterable[Run]) -> None:
        """Replace runs that are known; those deleted or restored leave."""
        known = dict(self._runs)
        for run in runs:
            if run.run_id not in known:
                continue
            if run.is_deleted is self.source.deleted:
                known[run.run_id] = self._with_extremes(run)
            else:
                del known[run.run_id]
        if not _same(self._runs, known):
            self._replace(known)

    def learn(self, found: Iterable["BestValue"]) -> None:
        """Add the extremes of a metric's histories."""
        for best in found:
            run = self._runs.get(best.run_id)
            if run is not None:
                extremes = {**run.extremes, best.key: best}
                self._runs[best.run_id] = replace(run, extremes=extremes)
        self._changed()

    def unfinished_beyond(self, page: RunPage) -> list[str]:
        """Return the ids of runs that still change, but are not on the page."""
        fresh = {run.run_id for run in page.runs}
        return [k for k, run in self._runs.items() if run.status in OPEN and k not in fresh]

    def missing_parents(self) -> list[str]:
        """Return the parents that have not been read."""
        parents = dict.fromkeys(filter(None, (run.parent_id for run in self._runs.values())))
        return [each for each in parents if each not in self._runs and each not in self._asked]

    def without_extremes(self, key: str) -> list[str]:
        """Return the runs that have a metric whose history has not been looked at."""
        return [k for k, r in self._runs.items() if key in r.metrics and key not in r.extremes]

    def keys(self) -> Mapping[Kind, tuple[str, ...]]:
        """Return the keys of the runs, in alphabetical order."""
        if self._keys is None:
            metrics = sorted({key for run in self._runs.values() for key in run.metrics})
            params = sorted({key for run in self._runs.values() for key in run.params})
            tags = sorted({key for run in self._runs.values() for key in run.tags})
            found = {Kind.METRIC: metrics, Kind.PARAM: params, Kind.TAG: tags}
            self._keys = {kind: tuple(keys) for kind, keys in found.items()}
        return self._keys

    def datasets(self) -> tuple[str, ...]:
        """Return the names of the runs' data sets."""
        if self._datasets is None:
            names = {name for run in self._runs.values() for name in run.datasets}
            self._datasets = tuple(sorted(names))
        return self._datasets

    def first_columns(self) -> tuple[str, ...]:
        """Return the texts of the columns that tell most about the runs."""
        if self._first_columns is None:
            self._first_columns = first_columns(self._runs.values())
        return self._first_columns

    def signs(self) -> Mapping[str, tuple[int, str]]:
        """Return when each RUNNING run was last heard of, with the id of its job, or none."""
        if self._signs is None:
            last = last_signs(self._runs.values())
            self._signs = {k: (sign, self._runs[k].job_id or "") for k, sign in last.items()}
        return self._signs

    def _with_extremes(self, run: Run) -> Run:
        """Return the run with what is known of its histories, which grow while it runs."""
        before = self._runs.get(run.run_id)
        if before is None or not before.extremes or before.status in OPEN:
            return run
        return replace(run, extremes=before.extremes)

    def _replace(self, known: dict[str, Run]) -> None:
        self._runs = known
        self._changed()

    def _changed(self) -> None:
        self._keys = self._datasets = self._first_columns = self._signs = None
        self.version += 1


def _newest_first(runs: Mapping[str, Run]) -> dict[str, Run]:
    """Return the runs in the order in which MLflow gives them."""
    return dict(sorted(runs.items(), key=lambda pair: (-(pair[1].started_at or 0), pair[0])))


def _same(before: Mapping[str, Run], now: Mapping[str, Run]) -> bool:
    """Return whether they are the same runs in the same order."""
    return len(before) == len(now) and all(
        one == other for one, other in zip(before.items(), now.items(), strict=True)
    )
