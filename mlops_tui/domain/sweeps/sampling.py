"""The points of a grid or of a random search, by their number."""

from math import prod
from random import Random

from mlops_tui.domain.jobs.recipe import Value
from mlops_tui.domain.sweeps.search_space import MOST_POINTS, SearchSpace

Point = dict[str, Value]
"""Name of each swept parameter to its value."""


def grid_axes(space: SearchSpace) -> dict[str, tuple[Value, ...]]:
    """Return the values along each axis of the grid; raises ``ValueError`` with the reason."""
    axes: dict[str, tuple[Value, ...]] = {}
    for name, dimension in space.items():
        try:
            axes[name] = dimension.points()
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    if grid_size(axes) > MOST_POINTS:
        raise ValueError(f"The grid has {grid_size(axes):,} points; {MOST_POINTS:,} is the most")
    return axes


def grid_size(axes: dict[str, tuple[Value, ...]]) -> int:
    """Return how many points the grid has."""
    return prod(map(len, axes.values()))


def grid_point(axes: dict[str, tuple[Value, ...]], number: int) -> Point:
    """Return the point of this number, from 0; the last axis moves fastest."""
    point: Point = {}
    for name, values in reversed(axes.items()):
        number, place = divmod(number, len(values))
        point[name] = values[place]
    return {name: point[name] for name in axes}


def random_point(space: SearchSpace, seed: int, number: int) -> Point:
    """Return the point of this number, from 0.

    It depends on nothing but space, seed and number: whoever goes on later, or runs several at
    once, finds the same points.
    """
    chance = Random(f"{seed}/{number}")  # noqa: S311 - it guards nothing
    return {name: dimension.at(chance.random()) for name, dimension in space.items()}
