"""The directions of metrics that a person has set."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.services.failures import translated
from mlops_tui.services.json_file import read_json, write_json

FILE = "metric-directions.json"


@translated()
def read_directions(state_dir: Path) -> Mapping[str, Direction]:
    """Return metric key to direction; what makes no sense in the file sets none."""
    found: dict[str, Direction] = {}
    for key, value in read_json(state_dir / FILE).items():
        with suppress(ValueError):
            found[key] = Direction(value)
    return found


@translated()
def set_direction(state_dir: Path, key: str, direction: Direction) -> Mapping[str, Direction]:
    """Remember the direction of a metric, return all that are set."""
    known = {**read_directions(state_dir), key: direction}
    write_json(state_dir / FILE, known)
    return known
