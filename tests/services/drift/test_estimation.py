"""Performance without labels against that by labels, on data whose truth is known."""

from typing import Any

import numpy as np
import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.services.drift.estimation import Calibration, calibrate
from mlops_tui.services.drift.realised import realised

REFERENCE, CHUNK = 40_000, 60_000


def drawn(rows: int, shift: float, seed: int, classes: int) -> tuple[Any, Any, Any]:
    """Return labels, predictions and probabilities; the probabilities are far too sure."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(rows, 2)) + np.array([shift, 0.0])
    slopes = np.random.default_rng(1).normal(size=(2, classes))
    scores = inputs @ slopes
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    truth = (rng.random((rows, 1)) > chances.cumsum(axis=1)).sum(axis=1).clip(0, classes - 1)
    sure = chances**3
    sure /= sure.sum(axis=1, keepdims=True)
    return truth, sure.argmax(axis=1), sure


def calibration(classes: int) -> Calibration:
    truth, _, probabilities = drawn(REFERENCE, 0.0, 2, classes)
    return calibrate(probabilities, truth, range(classes))


@pytest.mark.parametrize("classes", [2, 4])
@pytest.mark.parametrize("metric", ["accuracy", "f1"])
def test_the_estimate_is_within_001_of_the_metric_by_labels_up_to_a_shift_of_1_sigma(
    metric: str, classes: int
) -> None:
    reference = calibration(classes)
    for shift in (0.0, 0.5, 1.0, -1.0):
        truth, predicted, probabilities = drawn(CHUNK, shift, 3, classes)
        by_labels = realised(metric, truth, predicted)
        estimated = reference.estimate(metric, predicted, probabilities)
        assert by_labels is not None
        assert estimated is not None
        assert estimated.value == pytest.approx(by_labels.value, abs=0.01), shift
        assert estimated.n == CHUNK


def test_without_calibration_it_would_be_far_off() -> None:
    truth, predicted, probabilities = drawn(CHUNK, 0.0, 3, 2)
    by_labels = realised("accuracy", truth, predicted)
    assert by_labels is not None
    assert probabilities.max(axis=1).mean() > by_labels.value + 0.1


@pytest.mark.parametrize("metric", ["accuracy", "f1"])
def test_labels_that_come_later_are_within_the_interval_in_95_of_100_chunks(metric: str) -> None:
    reference, inside = calibration(2), 0
    for seed in range(100):
        truth, predicted, probabilities = drawn(400, 0.3, 100 + seed, 2)
        by_labels = realised(metric, truth, predicted)
        estimated = reference.estimate(metric, predicted, probabilities)
        assert by_labels is not None
        assert estimated is not None
        inside += estimated.lower <= by_labels.value <= estimated.upper
    assert inside >= 89


def test_concept_drift_is_not_seen_without_labels() -> None:
    truth, predicted, probabilities = drawn(CHUNK, 0.0, 3, 2)
    estimated = calibration(2).estimate("accuracy", predicted, probabilities)
    by_labels = realised("accuracy", 1 - truth, predicted)
    assert estimated is not None
    assert by_labels is not None
    assert estimated.value > by_labels.value + 0.2


def test_of_two_classes_the_probabilities_of_the_second_will_do() -> None:
    truth, predicted, probabilities = drawn(5_000, 0.0, 2, 2)
    one = calibrate(probabilities[:, 1], truth, ("0", "1"))
    assert one.rows == 5_000
    names = predicted.astype(str)
    both = calibrate(probabilities, truth.astype(str), ("0", "1"))
    assert both.estimate("f1", names, probabilities[:, 1]) == both.estimate(
        "f1", names, probabilities
    )
    assert both.estimate("f1", names[:0], probabilities[:0]) is None


def test_what_cannot_be_estimated_is_told() -> None:
    truth, predicted, probabilities = drawn(500, 0.0, 2, 2)
    with pytest.raises(InvalidInput, match="gives no probabilities"):
        calibrate(None, truth, (0, 1))
    with pytest.raises(InvalidInput, match="takes 100 rows"):
        calibrate(probabilities[:50], truth[:50], (0, 1))
    with pytest.raises(InvalidInput, match="500 probabilities of 400 labels"):
        calibrate(probabilities, truth[:400], (0, 1))
    with pytest.raises(InvalidInput, match="of 2 classes instead of 3"):
        calibrate(probabilities, truth, (0, 1, 2))
    with pytest.raises(InvalidInput, match="of 1 classes instead of 3"):
        calibrate(probabilities[:, 1], truth, (0, 1, 2))
    with pytest.raises(InvalidInput, match="not from 0 to 1"):
        calibrate(probabilities * np.nan, truth, (0, 1))
    found = calibrate(probabilities, truth, (0, 1))
    with pytest.raises(InvalidInput, match="rmse cannot be estimated"):
        found.estimate("rmse", predicted, probabilities)
    with pytest.raises(InvalidInput, match=r"no class [78]"):
        found.estimate("f1", predicted + 7, probabilities)
