"""The paired bootstrap of the gate."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.gate.metric_names import AVERAGED, AVERAGES, METRICS, SHORT_NAMES
from mlops_tui.services.model_programs.gate_program import named_metrics
from mlops_tui.services.model_programs.gate_program.bootstrap import (
    LOSSES,
    area,
    from_counts,
    interval,
)
from mlops_tui.services.model_programs.gate_program.named_metrics import metric_of

COUNTED = (
    "accuracy",
    "balanced_accuracy",
    *(f"{name}_{average}" for name in AVERAGED for average in AVERAGES),
)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30))
def test_metrics_of_counts_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, predicted = np.array(pairs).T
    table = np.zeros((4, 4))
    np.add.at(table, (truth, predicted), 1)
    for name in COUNTED:
        assert from_counts(name, table, 1) == pytest.approx(
            metric_of(name, "")(truth, predicted)
        ), name
    of_two = (truth > 1).astype(int), (predicted > 1).astype(int)
    table = np.zeros((2, 2))
    np.add.at(table, of_two, 1)
    for name in AVERAGED:
        assert from_counts(name, table, 1) == pytest.approx(metric_of(name, "")(*of_two)), name


def test_every_metric_that_a_rule_may_name_is_computed() -> None:
    truth, chances = np.array([0, 1, 1, 0]), np.array([[0.8, 0.2], [0.3, 0.7]] * 2)[[0, 1, 1, 0]]
    for name in (*METRICS, *SHORT_NAMES):
        metric = metric_of(name, "")
        if name != "roc_auc_ovr":
            assert metric(truth, chances if metric.needs_probabilities else truth) >= 0
    three = np.array([0, 1, 2]), np.eye(3)
    assert metric_of("roc_auc_ovr", "")(*three) == 1
    assert named_metrics.SHORT_NAMES == SHORT_NAMES


def test_what_is_resampled_without_scikit_learn_is_what_it_computes() -> None:
    rng = np.random.default_rng(1)
    truth = rng.integers(2, size=200)
    chance = np.round(rng.random(200), 1).clip(0.1, 0.9)  # with ties
    both = np.column_stack((1 - chance, chance))
    for values in (chance, both):
        found = area(truth, values)(np.ones(200))
        assert found == pytest.approx(metric_of("roc_auc", "")(truth, values))
    numbers = rng.normal(size=200), rng.normal(size=200)
    for name, losses in LOSSES.items():
        metric = metric_of(name, "")
        given = (truth, both) if metric.needs_probabilities else numbers
        mean = losses(*given).mean()
        root = mean**0.5 if name.startswith("root_") else mean
        assert root == pytest.approx(metric(*given)), name


def noisy(truth: Any, share: float, rng: np.random.Generator) -> Any:
    """Return the true values, some of them turned over."""
    return np.where(rng.random(len(truth)) < share, 1 - truth, truth)


@pytest.mark.parametrize("name", ["accuracy", "f1", "matthews_corrcoef", "mean_squared_error"])
def test_the_interval_holds_nothing_for_models_that_are_equal_but_for_noise(name: str) -> None:
    rng = np.random.default_rng(3)
    truth = rng.integers(2, size=1_000)
    ours, theirs = noisy(truth, 0.2, rng), noisy(truth, 0.2, rng)
    low, high = interval(metric_of(name, ""), truth, ours, theirs, 200, 0.95, 0)
    assert low < 0 < high
    better = noisy(truth, 0.1, rng)
    low, high = interval(metric_of(name, ""), truth, better, theirs, 200, 0.95, 0)
    assert low > 0 or high < 0


def test_the_same_seed_gives_the_same_interval() -> None:
    rng = np.random.default_rng(3)
    truth = rng.integers(30, size=300)  # more classes than are counted
    ours, theirs = rng.permutation(truth), truth
    found = {interval(metric_of("accuracy", ""), truth, ours, theirs, 100, 0.9, 5) for _ in "ab"}
    assert len(found) == 1
