"""The marks of what was read in the feed, kept for each store."""

from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from mlops_tui.domain.feed.feed import entry
from mlops_tui.domain.feed.read_marks import Marks
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store
from mlops_tui.services.files.small_files import change_json, read_json
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import is_kept

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

    def begin(present: dict[str, Any]) -> dict[str, Any]:
        return present if _parsed(present) else _as_json(store, first())

    return _parsed(change_json(_path(state_dir, store), begin)) or Marks()


@is_kept
@translated()
def mark_read(state_dir: Path, store: Store, seen: Mapping[str, int]) -> None:
    """Keep that these news were read (run id to ``Entry.news_at``), beside what others keep."""

    def add(present: dict[str, Any]) -> dict[str, Any]:
        return _as_json(store, (_parsed(present) or Marks()).with_seen(seen, MOST))

    change_json(_path(state_dir, store), add)


@is_kept
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


def _as_json(store: Store, marks: Marks) -> dict[str, Any]:
    return {"store": store.label, "floor": marks.floor, "seen": dict(marks.seen)}


def _parsed(found: Mapping[str, object]) -> Marks | None:
    floor, seen = found.get("floor"), found.get("seen")
    if not isinstance(floor, int) or not isinstance(seen, dict):
        return None
    return Marks(floor, {key: at for key, at in seen.items() if isinstance(at, int)})
