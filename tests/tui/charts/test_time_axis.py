"""The axis of a chart that runs along time."""

import time
from collections.abc import Iterator

import pytest

from mlops_tui.tui.charts.time_axis import clock_axis, duration_axis


@pytest.fixture(autouse=True)
def local_time(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Live half an hour off the hour."""
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("high", "labels"),
    [
        (0.5, ("0.0s", "0.2s", "0.4s")),
        (60, ("0s", "15s", "30s", "45s", "1m00s")),
        (300, ("0m", "2m", "4m")),
        (4000, ("0m", "30m", "1h00m")),
        (30_000, ("0h", "3h", "6h")),
        (90_000, ("0h", "12h", "1d00h")),
        (500_000, ("0d", "2d", "4d")),
    ],
)
def test_durations_have_ticks_that_read_well(high: float, labels: tuple[str, ...]) -> None:
    assert duration_axis(0, high, 4).labels == labels


def test_a_time_before_the_start_is_negative() -> None:
    assert duration_axis(-60, 60, 4).labels == ("-1m00s", "-30s", "0s", "30s", "1m00s")


@pytest.mark.parametrize(
    ("start", "length", "labels"),
    [
        (1_700_000_000, 60, ("03:43:30", "03:43:45", "03:44:00", "03:44:15")),
        (1_700_000_000, 36_000, ("06:00", "09:00", "12:00")),
        (1_700_000_000, 400_000, ("2023-11-17", "2023-11-19")),
        (1_700_000_000, 0, ("03:43:19", "03:43:20", "03:43:21")),
        (1_700_000_000.2, 0.3, ("03:43:20",)),
    ],
)
def test_a_clock_has_ticks_on_the_persons_own_time(
    start: float, length: float, labels: tuple[str, ...]
) -> None:
    assert clock_axis(start, start + length, 4).labels == labels


def test_a_clock_has_the_offset_of_its_own_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    july = 1_720_000_000
    assert clock_axis(july, july + 36_000, 4).labels == ("12:00", "15:00", "18:00", "21:00")


def test_ticks_lie_within_the_axis() -> None:
    scale = duration_axis(7, 95, 4)
    assert all(scale.low <= tick <= scale.high for tick in scale.ticks)
    assert duration_axis(3, 3, 4).labels == ("3.0s",)
