"""The ways of looking at the runs of experiments that a person has kept."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mlops_tui.domain.experiments.saved_view import SavedView, saved_view
from mlops_tui.domain.store import Store
from mlops_tui.services.files.small_files import change_json, read_preference
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import is_kept

FILE = "views.json"
LAST = ""
"""The name of the view that an experiment was left with."""


@translated()
def read_views(state_dir: Path, store: Store, experiment_id: str) -> Mapping[str, SavedView]:
    """Return name to view of an experiment; the one it was left with is named ``LAST``."""
    kept = read_preference(state_dir / FILE).get(_place(store, experiment_id))
    views = kept.items() if isinstance(kept, dict) else ()
    return {name: saved_view(found) for name, found in views}


@is_kept
@translated()
def keep_view(
    state_dir: Path, store: Store, experiment_id: str, view: SavedView | None, name: str = LAST
) -> None:
    """Keep a view under a name, in place of the one that had it; ``None`` forgets it."""
    place = _place(store, experiment_id)

    def change(kept: dict[str, Any]) -> dict[str, Any]:
        views = kept.get(place)
        mine = dict(views) if isinstance(views, dict) else {}
        mine.pop(name, None)
        if view is not None:
            mine[name] = view.as_dict()
        return {**kept, place: mine}

    change_json(state_dir / FILE, change)


def _place(store: Store, experiment_id: str) -> str:
    return f"{store.label} {experiment_id}"
