import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error, root_mean_squared_error

from mlops_tui.services.drift.realised import band, realised

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40)


@settings(max_examples=30, deadline=None)
@given(PAIRS)
def test_metrics_of_classes_are_those_of_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    truth, predicted = np.array(pairs).T
    accuracy, f1 = realised("accuracy", truth, predicted), realised("f1", truth, predicted)
    assert accuracy is not None
    assert f1 is not None
    assert accuracy.value == pytest.approx(accuracy_score(truth, predicted))
    classes = np.unique(pairs)
    if len(classes) == 2:
        expected = f1_score(truth, predicted, pos_label=classes[1], zero_division=0)
    else:
        expected = f1_score(truth, predicted, average="macro", zero_division=0)
    assert f1.value == pytest.approx(expected)
    for each in (accuracy, f1):
        assert 0 <= each.lower <= each.value <= each.upper <= 1
        assert each.n == len(pairs)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(*[st.floats(-1e300, 1e300)] * 2), min_size=1, max_size=20))
def test_errors_are_those_of_scikit_learn(pairs: list[tuple[float, float]]) -> None:
    truth, predicted = np.array(pairs).T
    mae, rmse = realised("mae", truth, predicted), realised("rmse", truth, predicted)
    assert mae is not None
    assert rmse is not None
    assert mae.value == pytest.approx(mean_absolute_error(truth, predicted))
    if np.abs(pairs).max() < 1e100:
        assert rmse.value == pytest.approx(root_mean_squared_error(truth, predicted))
    assert mae.lower <= mae.value <= mae.upper
    assert rmse.lower <= rmse.value <= rmse.upper


@pytest.mark.parametrize("metric", ["accuracy", "f1", "rmse", "mae"])
def test_the_truth_is_within_the_interval_in_95_of_100_samples(metric: str) -> None:
    rng = np.random.default_rng(0)
    is_class = metric in ("accuracy", "f1")
    truth = rng.integers(0, 2, 200_000).astype(float) if is_class else rng.normal(size=200_000)
    other = np.where(rng.random(200_000) < 0.8, truth, 1 - truth)
    predicted = other if is_class else truth + rng.normal(size=200_000)
    all_rows = realised(metric, truth, predicted)
    assert all_rows is not None
    inside = 0
    for start in range(0, 30_000, 300):
        found = realised(metric, truth[start : start + 300], predicted[start : start + 300])
        assert found is not None
        inside += found.lower <= all_rows.value <= found.upper
    assert inside >= 89


def test_rows_without_a_value_are_left_out() -> None:
    found = realised("accuracy", ["a", None, "b", "b"], ["a", "a", "a", None])
    assert found is not None
    assert (found.value, found.n) == (0.5, 2)
    assert realised("accuracy", [None], ["a"]) is None
    assert realised("rmse", [1.0, float("inf")], [float("nan"), 1.0]) is None
    assert realised("mae", [], []) is None


def test_the_band_is_three_deviations_around_the_mean_of_chunks() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 6_000)
    predicted = np.where(rng.random(6_000) < 0.8, truth, 1 - truth)
    found, reason = band("accuracy", truth, predicted, 1_000)
    assert found is not None
    assert (reason, found.n) == ("", 1_000)
    assert found.value == pytest.approx((truth == predicted).mean())
    values = [(truth == predicted)[start : start + 1000].mean() for start in range(0, 6000, 1000)]
    assert found.upper - found.value == pytest.approx(3 * np.std(values, ddof=1))
    errors, _ = band("mae", truth, predicted * 1e300, 10)
    assert errors is not None
    assert errors.upper > 1


def test_without_six_chunks_there_is_no_band_and_the_reason_is_told() -> None:
    found, reason = band("accuracy", ["a"] * 500, ["a"] * 500, 100)
    assert found is None
    assert reason == (
        "The reference has 500 rows with labels and predictions: no usual range, which needs 6 "
        "chunks of 100."
    )
