"""The directions of metrics that a person has set."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from mlops_tui.domain.direction import Direction
from mlops_tui.services.failures import translated

FILE = "metric-directions.json"
MAX_BYTES = 1_000_000


@translated()
def read_directions(state_dir: Path) -> Mapping[str, Direction]:
    """Return metric key to direction; a file that makes no sense sets none."""
    try:
        with (state_dir / FILE).open("rb") as file:
            found = json.loads(file.read(MAX_BYTES))
        return {str(key): Direction(value) for key, value in found.items()}
    except (FileNotFoundError, ValueError, AttributeError, RecursionError):
        return {}


@translated()
def set_direction(state_dir: Path, key: str, direction: Direction) -> Mapping[str, Direction]:
    """Remember the direction of a metric, return all that are set."""
    known = {**read_directions(state_dir), key: direction}
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = state_dir / f"{FILE}.{os.getpid()}"
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(known, file, indent=1, sort_keys=True)
    draft.replace(state_dir / FILE)
    return known
