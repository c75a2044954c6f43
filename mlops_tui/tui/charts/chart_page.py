"""Which charts of a grid are in view."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

LEAST_WIDTH, LEAST_HEIGHT = 36, 8
"""Cells below which a chart is hard to read."""

ACROSS, DOWN = 3, 3
"""The most charts beside each other, above each other."""

LAYOUTS = (9, 6, 4, 2, 1)
"""The most charts at once, which a key steps through; fewer where there is no room."""


@dataclass(frozen=True, slots=True)
class ChartPage:
    """The charts of a grid, by metric key; the page with the chosen one is in view."""

    keys: tuple[str, ...] = ()
    chosen: str = ""
    most: int = LAYOUTS[0]
    is_enlarged: bool = False
    """Whether the chosen one stands alone."""
    is_picked: bool = False
    """Whether the person has chosen it."""

    def of(self, keys: Sequence[str]) -> "ChartPage":
        """Return the page with other charts; the one that the person chose stays chosen.

        Without a choice the first is chosen, also when others come before it later.
        """
        is_picked = (self.is_picked or self.is_enlarged) and self.chosen in keys
        chosen = self.chosen if is_picked else next(iter(keys), "")
        is_enlarged = is_picked and self.is_enlarged
        return replace(
            self, keys=tuple(keys), chosen=chosen, is_enlarged=is_enlarged, is_picked=is_picked
        )

    def picked(self, key: str) -> "ChartPage":
        """Return the page with another chart chosen."""
        return replace(self, chosen=key, is_picked=True)

    def moved(self, by: int) -> "ChartPage":
        """Return the page with a chart chosen that is so many places further, or the last one."""
        if not self.keys:
            return self
        index = max(0, min(self._chosen_index + by, len(self.keys) - 1))
        return self.picked(self.keys[index])

    def in_layout_after(self) -> "ChartPage":
        """Return the page with fewer charts at once; after one alone, with as many as fit."""
        return replace(self, most=LAYOUTS[(LAYOUTS.index(self.most) + 1) % len(LAYOUTS)])

    def grid(self, width: int, height: int) -> tuple[int, int]:
        """Return the number of columns and rows of charts that fit into so many cells."""
        if self.is_enlarged:
            return 1, 1
        count = max(1, min(self.most, len(self.keys)))
        columns = max(1, min(ACROSS, width // LEAST_WIDTH, count))
        rows = max(1, min(DOWN, height // LEAST_HEIGHT, ceil(count / columns)))
        while columns > 1 and (columns - 1) * rows >= count:
            columns -= 1
        while columns * rows > count and rows > 1 and columns * (rows - 1) >= count:
            rows -= 1
        while columns * rows > self.most:
            columns, rows = (columns - 1, rows) if columns >= rows else (columns, rows - 1)
        return columns, rows

    def in_view(self, capacity: int) -> tuple[str, ...]:
        """Return the charts on the page of the chosen one, when ``capacity`` of them fit."""
        start = self._chosen_index // capacity * capacity
        return self.keys[start : start + capacity]

    def number(self, capacity: int) -> tuple[int, int]:
        """Return the number of the page in view, and how many pages there are."""
        return self._chosen_index // capacity + 1, max(1, ceil(len(self.keys) / capacity))

    @property
    def _chosen_index(self) -> int:
        return self.keys.index(self.chosen) if self.chosen in self.keys else 0
