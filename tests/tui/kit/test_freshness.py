"""How old data are said to be."""

import pytest

from mlops_tui.domain.errors import LoginRefused, ServiceError
from mlops_tui.tui.kit import freshness
from mlops_tui.tui.kit.freshness import RESTING, SLOWEST, Freshness


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(freshness, "monotonic", clock)
    return clock


def test_before_the_first_data_it_is_loading(clock: Clock) -> None:
    assert Freshness(1.5).word("loading MLflow…") == "loading MLflow…"


def test_fresh_data_are_live_until_a_look_was_missed(clock: Clock) -> None:
    known = Freshness(1.5)
    known.succeeded()
    assert known.word("") == "live"
    clock.now += 7
    assert known.word("") == "last update 7 s ago"
    clock.now += 53
    assert known.word("") == "last update 1 min ago"
    clock.now += 7_200
    assert known.word("") == "last update 2 h ago"


def test_what_rests_is_read_more_slowly_and_never_called_live(clock: Clock) -> None:
    known = Freshness(1.5)
    known.succeeded(rests=True)
    assert known.word("") == "last update 0 s ago"
    clock.now += RESTING * 1.5 - 0.1
    assert not known.is_due
    clock.now += 0.2
    assert known.is_due
    known.succeeded()
    assert (known.is_due, known.word("")) == (True, "live")


def test_a_failure_says_how_old_what_is_shown_is(clock: Clock) -> None:
    known = Freshness(1.5)
    known.failed(ServiceError("gone"))
    assert known.word("") == "✗ no answer"
    known.succeeded()
    clock.now += 3
    known.failed(ServiceError("gone"))
    assert known.word("") == "✗ last update 3 s ago"


def test_data_that_are_not_the_stores_are_named(clock: Clock) -> None:
    known = Freshness(1.5, "jobs")
    known.succeeded()
    assert known.word("") == "jobs live"
    clock.now += 7
    assert known.word("") == "jobs last update 7 s ago"
    known.failed(ServiceError("gone"))
    assert known.word("") == "✗ jobs last update 7 s ago"


def test_failing_reads_come_ever_more_slowly(clock: Clock) -> None:
    known = Freshness(1.5)
    for wait in (3.0, 6.0, 12.0, 24.0, SLOWEST, SLOWEST):
        known.failed(ServiceError("gone"))
        clock.now += wait - 0.1
        assert not known.is_due
        clock.now += 0.2
        assert known.is_due


def test_a_person_need_not_wait(clock: Clock) -> None:
    known = Freshness(1.5)
    known.failed(ServiceError("gone"))
    known.hurry()
    assert known.is_due


def test_a_refused_login_is_no_missing_answer(clock: Clock) -> None:
    known = Freshness(1.5)
    known.failed(LoginRefused("refused"))
    assert known.word("") == "✗ login refused"
    known.succeeded()
    clock.now += 3
    known.failed(LoginRefused("refused"))
    assert known.word("") == "✗ login refused, last update 3 s ago"
