"""What is new over all experiments, as far as this person has not read it."""

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, time

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.feed.feed import Entry, Feed, News, with_reason, with_sweeps_folded
from mlops_tui.domain.feed.read_marks import first_marks
from mlops_tui.domain.monitoring.alert import Alert
from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.runs.silence import last_signs
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.newest_runs import Newest, newest_runs
from mlops_tui.services.feed.read_marks import begin_marks, read_marks
from mlops_tui.services.launchers import processes
from mlops_tui.services.monitoring.monitor_alerts import list_alerts
from mlops_tui.services.store import store as stores
from mlops_tui.services.store.failures import translated

RECENT = 24 * 3_600_000
"""Milliseconds: what went wrong in the last day is told at the very first look."""


@dataclass(frozen=True, slots=True)
class _Known:
    newest: Newest
    mark: str | None
    """What the store's file was like when they were read."""


_known: dict[Store, _Known] = {}
_reasons: dict[str, str] = {}
"""Job id to why it ended; of jobs that have."""

_alerts: dict[Store, tuple[str | None, float, tuple[Alert, ...]]] = {}
"""The alerts of a store, with its mark and the time (monotonic) when they were read."""
ALERTS_HOLD = 30.0
"""Seconds for which alerts hold where only asking would tell whether they have changed."""

_reading = threading.Lock()
"""Held while runs are read: two calls at once would read the same ones."""


@translated()
def read_feed(state_dir: Path, store: Store, *, anew: bool = False) -> Feed:
    """Return the feed of a store; a file that was not written since is not read again.

    With ``anew`` all is read, also runs that had ended before. At the very first look at a store
    what ended before counts as read (``first_marks``), so that only the troubles of the last day
    are unread. That is kept in the state directory; the store is only read.
    """
    if not stores.exists(store):
        return Feed()
    newest = _newest(store, anew=anew)
    folded = with_sweeps_folded(newest.open + newest.ended)
    reasons = _reasons_of_jobs(state_dir, folded)
    entries = tuple(with_reason(one, reasons) for one in folded)
    marks = read_marks(state_dir, store) or begin_marks(
        state_dir,
        store,
        lambda: first_marks(
            entries, trouble_since=round(time() * 1000) - RECENT, is_whole=newest.is_whole
        ),
    )
    runs = {one.run.run_id: one.run for one in entries}
    return Feed(
        entries,
        frozenset(one.run.run_id for one in entries if marks.is_unread(one)),
        newest.is_whole,
        {
            run_id: (sign, runs[run_id].job_id or "")
            for run_id, sign in last_signs(runs.values()).items()
        },
        _open_alerts(store, anew=anew),
    )


@translated()
def count_unread(state_dir: Path, store: Store) -> int:
    """Return how many entries of a store's feed are unread, with the alerts that are open."""
    found = read_feed(state_dir, store)
    return len(found.unread) + len(found.alerts)


def forget() -> None:
    """Forget all that was read."""
    with _reading:
        _known.clear()
        _alerts.clear()
        _reasons.clear()


def _reasons_of_jobs(state_dir: Path, entries: Sequence[Entry]) -> Mapping[str, str]:
    """Return why the jobs of the runs that failed ended, by their ids."""
    failed = {one.run.job_id for one in entries if one.what in (News.FAILED, News.KILLED)}
    for job_id in filter(None, failed - _reasons.keys()):
        try:
            job = processes.get(state_dir, ProcessKind.JOB, job_id)
        except NotFound:
            _reasons[job_id] = ""
        else:
            if not job.is_underway and not job.is_unreadable:
                _reasons[job_id] = job.reason
    return _reasons


def _open_alerts(store: Store, *, anew: bool) -> tuple[Alert, ...]:
    """Return the alerts that nobody has acknowledged; none where they cannot be read."""
    mark, now = stores.fingerprint(store), monotonic()
    known = _alerts.get(store)
    if known and not anew:
        is_same = known[0] == mark if mark is not None else now < known[1] + ALERTS_HOLD
        if is_same:
            return known[2]
    found: tuple[Alert, ...] = ()
    with suppress(ServiceError):
        found = tuple(each for each in list_alerts(store) if not each.acknowledged)
    _alerts[store] = mark, now, found
    return found


def _newest(store: Store, *, anew: bool) -> Newest:
    with _reading:
        known, mark = _known.get(store), stores.fingerprint(store)
        if known and mark is not None and known.mark == mark and not anew:
            return known.newest
        newest = newest_runs(store, None if anew or known is None else known.newest)
        _known[store] = _Known(newest, mark)
        return newest
