"""The directions of metrics that a person has set."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.services.files.small_files import change_json, read_preference
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import is_kept

FILE = "metric-directions.json"


@translated()
def read_directions(state_dir: Path) -> Mapping[str, Direction]:
    """Return metric key to direction; what makes no sense in the file sets none."""
    return _parsed(read_preference(state_dir / FILE))


@is_kept
@translated()
def set_direction(state_dir: Path, key: str, direction: Direction) -> Mapping[str, Direction]:
    """Remember the direction of a metric, return all that are set."""
    changed = change_json(
        state_dir / FILE, lambda present: {**_parsed(present), key: direction.value}
    )
    return _parsed(changed)


def _parsed(data: Mapping[str, Any]) -> dict[str, Direction]:
    found: dict[str, Direction] = {}
    for key, value in data.items():
        with suppress(ValueError):
            found[key] = Direction(value)
    return found
