"""Values of metrics as MLflow's SQL store writes them."""

from math import copysign, inf

from mlops_tui.domain.metrics.metric_value import INFINITY


def restored(value: float) -> float:
    """Return the value that was logged: the store writes the greatest float for infinity."""
    return copysign(inf, value) if abs(value) >= INFINITY else value
