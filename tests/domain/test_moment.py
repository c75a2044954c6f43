"""Times that no calendar has."""

from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain import moment
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.logs.progress import progress_of

ANY_TIME = st.integers() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.just(10**400)


@settings(max_examples=200, deadline=None)
@given(ANY_TIME, ANY_TIME)
def test_any_number_is_a_date_or_none(start: float, end: float) -> None:
    for ms in (start, end):
        for date in (moment.utc(ms), moment.local(ms)):
            assert date is None or 1 <= date.year <= 9999
    length = moment.seconds_between(start, end)
    assert length is None or abs(length) < float("inf")


def test_milliseconds_are_dates_other_units_are_not() -> None:
    ms = 1_790_000_000_000
    assert str(moment.utc(ms)) == "2026-09-21 14:13:20+00:00"
    assert moment.local(ms) == moment.utc(ms)
    assert moment.utc(ms * 1_000) is None
    assert moment.local(ms * 1_000_000) is None


@settings(max_examples=200, deadline=None)
@given(st.floats() | st.integers(-(2**64), 2**64))
def test_any_size_is_a_short_text(count: float) -> None:
    assert len(bytes_size(count)) < 30


DIGITS = st.integers(0, 10**9).map(str) | st.just("9" * 400)


@settings(max_examples=100, deadline=None)
@given(DIGITS, DIGITS, DIGITS)
def test_any_count_in_a_log_is_a_progress_or_none(done: str, total: str, left: str) -> None:
    for line in (f"{done}/{total} [====] ETA: {left}s", f"7%|# | {done}/{total} [0:01<{left}:00, "):
        found = progress_of(line)
        assert found is None or 0 <= found.share <= 1
