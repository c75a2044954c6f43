"""Labels that a person hands to a monitor."""

import json
import os
import time
from pathlib import Path

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.monitoring.monitor import SourceKind
from mlops_tui.domain.store import Store
from mlops_tui.services.files.regular_file import open_descriptor
from mlops_tui.services.monitoring import monitor_folder, monitors
from mlops_tui.services.monitoring.monitor_setup import captures_of
from mlops_tui.services.serving.label_files import read_labels
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import LONG, is_kept, may_take

NAME = "labels-given.jsonl"


@may_take(LONG)
@is_kept
@translated()
def add_labels(store: Store, state_dir: Path, name: str, path: Path) -> int:
    """Hand the labels of a file to a monitor, by name or id; return how many.

    The monitor works the chunks again that they belong to. Raises ``ServiceError``.
    """
    plan = monitors.find(store, name).plan
    if plan.source is SourceKind.CAPTURES and not captures_of(state_dir, store, plan.model):
        raise NotFound(
            f"The requests of {plan.model} were not captured on this machine.",
            "Hand the labels over where its endpoint runs.",
        )
    own = monitor_folder.made(state_dir, plan.monitor_id) / NAME
    taken, now = 0, time.time()
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    with os.fdopen(open_descriptor(own, flags), "w", encoding="utf-8") as file:
        for labels in read_labels(path):
            told = [{"taken_at": now, **each} for each in labels if isinstance(each, dict)]
            file.write("".join(f"{json.dumps(each)}\n" for each in told))
            taken += len(told)
    return taken
