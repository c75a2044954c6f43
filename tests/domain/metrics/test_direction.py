"""Whether less of a metric is better, or more."""

from math import inf, nan

import pytest

from mlops_tui.domain.metrics.direction import Direction, best_point, guess_direction


@pytest.mark.parametrize(
    "key",
    ["loss", "val_loss", "valLoss", "train/log-loss", "RMSE", "testRMSE", "mean_squared_error",
     "error rate", "perplexity", "eval/latency_ms", "KL"],
)  # fmt: skip
def test_less_loss_is_better(key: str) -> None:
    assert guess_direction(key) is Direction.MIN


@pytest.mark.parametrize(
    "key", ["accuracy", "val_f1", "AUC", "r2", "glossary_hits", "mother", "timeliness", "", "日本"]
)
def test_more_of_everything_else_is_better(key: str) -> None:
    assert guess_direction(key) is Direction.MAX


def test_the_best_point_is_the_first_of_equal_ones() -> None:
    values = [nan, 2.0, 1.0, inf, 2.0, 1.0, -inf]
    assert best_point(values, Direction.MAX) == 1
    assert best_point(values, Direction.MIN) == 2


def test_there_is_no_best_point_among_gaps() -> None:
    assert best_point([nan, inf], Direction.MIN) is None
    assert best_point([], Direction.MAX) is None


def test_a_direction_is_turned_round() -> None:
    assert Direction.MIN.opposite is Direction.MAX
    assert Direction.MAX.opposite is Direction.MIN
