"""The runs that were read, kept in the service process.

The interface asks for the order of all that it shows, then for the runs of the rows in view: a
hundred thousand runs cost it a few megabytes, and no sorting or filtering of theirs holds up a key.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence

from mlops_tui.domain.experiments.known_runs import KnownRuns
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store

MOST_SOURCES = 4
"""Experiments, or queries of them, that are remembered; the one seen longest ago is forgotten."""

lock = threading.RLock()
"""Held while what is known is looked at, or changed."""

_known: "OrderedDict[tuple[Store, RunSource], KnownRuns]" = OrderedDict()

marks: dict[tuple[Store, RunSource], str] = {}
"""The fingerprint of a store when a source was last read."""


def remembered(store: Store, source: RunSource) -> KnownRuns:
    """Return what is known of a source; the one seen longest ago is forgotten for a new one."""
    with lock:
        place = store, source
        known = _known.setdefault(place, KnownRuns(source))
        _known.move_to_end(place)
        while len(_known) > MOST_SOURCES:
            marks.pop(_known.popitem(last=False)[0], None)
        return known


def see(store: Store, runs: Sequence[Run]) -> None:
    """Take in how runs are after an edit, wherever they are remembered."""
    with lock:
        for (where, _), known in _known.items():
            if where == store:
                known.update(runs)


def forget() -> None:
    """Forget all that was read."""
    with lock:
        _known.clear()
        marks.clear()
