from math import nan

from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.sweeps.median_rule import is_hopeless

MAX, MIN = Direction.MAX, Direction.MIN


def history(*values: float, every: int = 1) -> MetricHistory:
    steps = tuple(range(0, len(values) * every, every))
    return MetricHistory("run", "accuracy", steps, steps, values, len(values))


OTHERS = [history(0.2, 0.4, 0.8), history(0.3, 0.5, 0.9), history(0.1, 0.3, 0.7)]


def test_worse_than_the_median_at_its_step_is_hopeless() -> None:
    assert is_hopeless(history(0.1, 0.39), OTHERS, MAX, 3)
    assert not is_hopeless(history(0.1, 0.4), OTHERS, MAX, 3)
    assert is_hopeless(history(0.9, 0.41), OTHERS, MIN, 3)
    assert not is_hopeless(history(0.9, 0.4), OTHERS, MIN, 3)


def test_the_best_so_far_counts_not_the_last() -> None:
    assert not is_hopeless(history(0.5, 0.1), OTHERS, MAX, 3)


def test_nothing_is_judged_by_too_few() -> None:
    assert not is_hopeless(history(0.1, 0.1), OTHERS, MAX, 4)
    assert not is_hopeless(history(0.1, 0.1), [], MAX, 0)


def test_a_trial_at_the_last_step_of_the_others_may_finish() -> None:
    assert not is_hopeless(history(0.1, 0.1, 0.1), OTHERS, MAX, 3)
    assert not is_hopeless(history(0.1), [history(0.9)] * 5, MAX, 3)


def test_what_says_nothing_is_not_judged() -> None:
    assert not is_hopeless(history(), OTHERS, MAX, 3)
    assert not is_hopeless(history(nan), OTHERS, MAX, 3)
    assert not is_hopeless(history(0.1, 0.1), [history(), history(nan, nan, nan)], MAX, 1)


def test_others_that_report_at_other_steps_are_met_at_the_step_before() -> None:
    sparse = [history(0.2, 0.6, every=10)] * 3
    assert is_hopeless(history(*[0.1] * 5), sparse, MAX, 3)
    assert not is_hopeless(history(*[0.3] * 5), sparse, MAX, 3)
    late = MetricHistory("run", "accuracy", (5, 9), (0, 0), (0.9, 0.9), 2)
    assert not is_hopeless(history(0.1, 0.1), [late] * 3, MAX, 1)


def test_a_step_before_the_first_is_not_judged() -> None:
    before = MetricHistory("run", "accuracy", (-2, -1), (0, 0), (0.0, 0.0), 2)
    others = [MetricHistory("run", "accuracy", (-2, -1, 0), (0, 0, 0), (0.5, 0.5, 0.5), 3)] * 3
    assert not is_hopeless(before, others, MAX, 3)
    assert is_hopeless(history(0.1, 0.1), [history(0.5, 0.5, 0.5)] * 3, MAX, 3)
