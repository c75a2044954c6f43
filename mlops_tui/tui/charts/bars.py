"""A row of small bars, one per value."""

from collections.abc import Sequence

BARS = " ▁▂▃▄▅▆▇█"


def bars(values: Sequence[float]) -> str:
    """Return one bar for each value, the highest as high as a line; zeros are empty.

    Whatever is above zero can be seen.
    """
    top = max(values, default=0.0)
    if top <= 0:
        return " " * len(values)
    steps = len(BARS) - 1
    return "".join(BARS[max(1, round(steps * value / top)) if value > 0 else 0] for value in values)
