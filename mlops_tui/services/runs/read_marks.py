"""The marks of what was read in the feed, kept for each store."""

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from mlops_tui.domain.runs.feed import entry
from mlops_tui.domain.runs.read_marks import Marks
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store
from mlops_tui.services.failures import translated
from mlops_tui.services.json_file import read_json, write_json

FOLDER = "feed"
MOST = 5_000
"""Marks kept of a store, some 50 bytes each: more than a feed has entries."""


@translated()
def read_marks(state_dir: Path, store: Store) -> Marks | None:
    """Return what was read of a store's feed, None where nobody has ever looked."""
    return _parsed(read_json(_path(state_dir, store)))


@translated()
def begin_marks(state_dir: Path, store: Store, first: Callable[[], Marks]) -> Marks:
    """Return the marks; where there are none, keep those of the first look."""
    with _alone(_path(state_dir, store)) as path:
        found = _parsed(read_json(path))
        if found is None:
            found = first()
            _write(path, store, found)
        return found


@translated()
def mark_read(state_dir: Path, store: Store, seen: Mapping[str, int]) -> None:
    """Keep that these news were read (run id to ``Entry.news_at``), beside what others keep."""
    with _alone(_path(state_dir, store)) as path:
        found = _parsed(read_json(path)) or Marks()
        _write(path, store, found.with_seen(seen, MOST))


@translated()
def mark_own(state_dir: Path, store: Store, runs: Iterable[Run]) -> None:
    """Keep that what became of these runs is no news: it was done here.

    Where nobody has ever looked at the feed, the first look decides what is.
    """
    found = {run.run_id: entry(run, "").news_at for run in runs}
    seen = {run_id: news_at for run_id, news_at in found.items() if news_at is not None}
    if seen and read_marks(state_dir, store) is not None:
        mark_read(state_dir, store, seen)


def _path(state_dir: Path, store: Store) -> Path:
    return state_dir / FOLDER / f"{sha256(store.label.encode()).hexdigest()[:16]}.json"


@contextmanager
def _alone(path: Path) -> Iterator[Path]:
    """Keep other interfaces out, so that none loses what another one writes."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The file itself is replaced at each write: a lock on it would hold nobody back.
    lock = os.open(path.with_suffix(".lock"), os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield path
    finally:
        os.close(lock)


def _write(path: Path, store: Store, marks: Marks) -> None:
    found = {"store": store.label, "floor": marks.floor, "seen": dict(marks.seen)}
    write_json(path, found)


def _parsed(found: Mapping[str, object]) -> Marks | None:
    floor, seen = found.get("floor"), found.get("seen")
    if not isinstance(floor, int) or not isinstance(seen, dict):
        return None
    return Marks(floor, {key: at for key, at in seen.items() if isinstance(at, int)})
