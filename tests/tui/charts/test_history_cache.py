"""The histories that the interface keeps."""

from mlops_tui.domain.metrics.metric import HistoryRequest, MetricHistory
from mlops_tui.tui.charts import history_cache
from mlops_tui.tui.charts.history_cache import HistoryCache
from mlops_tui.tui.charts.run_style import RunStyle

RUNNING = RunStyle("r", "run", is_running=True)
ENDED = RunStyle("r", "run", is_running=False)
WHOLE = HistoryRequest("r", "loss")


def history(first: int, last: int, total: int = 0) -> MetricHistory:
    steps = tuple(range(first, last + 1))
    return MetricHistory("r", "loss", steps, steps, tuple(map(float, steps)), total or len(steps))


def caching(found: MetricHistory, *, running: bool) -> HistoryCache:
    cache = HistoryCache()
    cache.apply([WHOLE], [found], {"r"} if running else set())
    return cache


def test_what_is_missing_is_read_as_a_whole() -> None:
    assert HistoryCache().requests([ENDED], ["loss"]) == [WHOLE]


def test_what_has_ended_is_not_read_again() -> None:
    assert caching(history(0, 9), running=False).requests([ENDED], ["loss"]) == []


def test_of_a_running_run_only_what_is_new_is_read() -> None:
    cache = caching(history(0, 9), running=True)
    request = HistoryRequest("r", "loss", first_step=9)
    assert cache.requests([RUNNING], ["loss"]) == [request]
    cache.apply([request], [history(9, 12)], {"r"})
    known = cache.get("r", "loss")
    assert known is not None
    assert known.steps == tuple(range(13))


def test_a_run_that_has_ended_gets_a_last_look() -> None:
    cache = caching(history(0, 9), running=True)
    assert cache.requests([ENDED], ["loss"]) == [WHOLE]
    cache.apply([WHOLE], [history(0, 10)], set())
    assert cache.requests([ENDED], ["loss"]) == []


def test_a_running_run_without_points_is_asked_again() -> None:
    assert caching(history(0, -1), running=True).requests([RUNNING], ["loss"]) == [WHOLE]


def test_a_history_that_has_doubled_is_read_as_a_whole_again() -> None:
    cache = caching(history(0, 399, total=1000), running=True)
    request = HistoryRequest("r", "loss", first_step=399)
    cache.apply([request], [history(399, 900, total=1100)], {"r"})
    assert cache.requests([RUNNING], ["loss"]) == [WHOLE]


def test_close_by_only_what_was_reduced_is_read_again() -> None:
    zoomed = HistoryRequest("r", "loss", 5, 7)
    assert not HistoryCache().needs_zoomed(zoomed)
    assert not caching(history(0, 9), running=False).needs_zoomed(zoomed)
    cache = caching(history(0, 9, total=5000), running=False)
    assert cache.needs_zoomed(zoomed)
    cache.apply([zoomed], [history(5, 7)], set())
    assert not cache.needs_zoomed(zoomed)
    seen, whole = cache.closest(zoomed), cache.get("r", "loss")
    assert seen is not None
    assert whole is not None
    assert (seen.steps, len(whole.steps)) == ((5, 6, 7), 10)
    assert cache.closest(HistoryRequest("r", "loss", 1, 2)) is whole


def test_what_was_not_answered_in_time_is_requested_again() -> None:
    cache = HistoryCache()
    cache.apply([WHOLE, HistoryRequest("r", "auc")], [history(0, 3)], set())
    assert cache.requests([ENDED], ["loss", "auc"]) == [HistoryRequest("r", "auc")]


def test_the_oldest_curves_are_forgotten() -> None:
    cache = HistoryCache()
    for number in range(history_cache.MOST + 2):
        key = f"m{number}"
        found = MetricHistory("r", key, (0, 1), (0, 1), (0.0, 1.0), 2)
        cache.apply([HistoryRequest("r", key)], [found], set())
    assert cache.get("r", "m1") is None
    assert cache.get("r", "m2") is not None


def test_everything_is_read_anew_after_forgetting() -> None:
    cache = caching(history(0, 3), running=False)
    cache.clear()
    assert cache.requests([ENDED], ["loss"]) == [WHOLE]
