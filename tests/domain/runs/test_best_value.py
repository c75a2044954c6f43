"""The best values that a metric has reached."""

from math import nan

from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.runs.best_value import best_of


def test_both_ends_come_with_the_first_step_they_were_reached_at() -> None:
    found = best_of("r", "loss", [0, 5, 7, 9], [2.0, 1.0, nan, 1.0], is_exact=True)
    assert found is not None
    assert found.best(Direction.MIN) == (1.0, 5)
    assert found.best(Direction.MAX) == (2.0, 0)


def test_a_metric_of_gaps_has_no_best_value() -> None:
    assert best_of("r", "loss", [0], [nan], is_exact=True) is None
