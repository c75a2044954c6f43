"""The histories that the interface holds."""

from mlops_tui.domain.metrics.metric import HistoryWish, MetricHistory
from mlops_tui.tui.charts import held_histories
from mlops_tui.tui.charts.held_histories import HeldHistories
from mlops_tui.tui.charts.run_look import ChartedRun

RUNNING = ChartedRun("r", "run", is_running=True)
ENDED = ChartedRun("r", "run", is_running=False)
WHOLE = HistoryWish("r", "loss")


def history(first: int, last: int, total: int = 0) -> MetricHistory:
    steps = tuple(range(first, last + 1))
    return MetricHistory("r", "loss", steps, steps, tuple(map(float, steps)), total or len(steps))


def holding(found: MetricHistory, *, running: bool) -> HeldHistories:
    held = HeldHistories()
    held.take([WHOLE], [found], {"r"} if running else set())
    return held


def test_what_is_missing_is_read_as_a_whole() -> None:
    assert HeldHistories().wishes([ENDED], ["loss"]) == [WHOLE]


def test_what_has_ended_is_not_read_again() -> None:
    assert holding(history(0, 9), running=False).wishes([ENDED], ["loss"]) == []


def test_of_a_running_run_only_what_is_new_is_read() -> None:
    held = holding(history(0, 9), running=True)
    wish = HistoryWish("r", "loss", first_step=9)
    assert held.wishes([RUNNING], ["loss"]) == [wish]
    held.take([wish], [history(9, 12)], {"r"})
    known = held.get("r", "loss")
    assert known is not None
    assert known.steps == tuple(range(13))


def test_a_run_that_has_ended_gets_a_last_look() -> None:
    held = holding(history(0, 9), running=True)
    assert held.wishes([ENDED], ["loss"]) == [WHOLE]
    held.take([WHOLE], [history(0, 10)], set())
    assert held.wishes([ENDED], ["loss"]) == []


def test_a_running_run_without_points_is_asked_again() -> None:
    assert holding(history(0, -1), running=True).wishes([RUNNING], ["loss"]) == [WHOLE]


def test_a_history_that_has_doubled_is_read_as_a_whole_again() -> None:
    held = holding(history(0, 399, total=1000), running=True)
    wish = HistoryWish("r", "loss", first_step=399)
    held.take([wish], [history(399, 900, total=1100)], {"r"})
    assert held.wishes([RUNNING], ["loss"]) == [WHOLE]


def test_close_by_only_what_was_reduced_is_read_again() -> None:
    close = HistoryWish("r", "loss", 5, 7)
    assert HeldHistories().close_wish(close) is None
    assert holding(history(0, 9), running=False).close_wish(close) is None
    held = holding(history(0, 9, total=5000), running=False)
    assert held.close_wish(close) == close
    held.take([close], [history(5, 7)], set())
    assert held.close_wish(close) is None
    seen, whole = held.seen(close), held.get("r", "loss")
    assert seen is not None
    assert whole is not None
    assert (seen.steps, len(whole.steps)) == ((5, 6, 7), 10)
    assert held.seen(HistoryWish("r", "loss", 1, 2)) is whole


def test_what_was_not_answered_in_time_is_wished_for_again() -> None:
    held = HeldHistories()
    held.take([WHOLE, HistoryWish("r", "auc")], [history(0, 3)], set())
    assert held.wishes([ENDED], ["loss", "auc"]) == [HistoryWish("r", "auc")]


def test_the_oldest_curves_are_forgotten() -> None:
    held = HeldHistories()
    for number in range(held_histories.MOST + 2):
        key = f"m{number}"
        found = MetricHistory("r", key, (0, 1), (0, 1), (0.0, 1.0), 2)
        held.take([HistoryWish("r", key)], [found], set())
    assert held.get("r", "m1") is None
    assert held.get("r", "m2") is not None


def test_everything_is_read_anew_after_forgetting() -> None:
    held = holding(history(0, 3), running=False)
    held.clear()
    assert held.wishes([ENDED], ["loss"]) == [WHOLE]
