"""How values read in a cell."""

import time
from collections.abc import Iterator
from math import inf, nan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.serving.model_server import ServerState
from mlops_tui.tui.kit.formatting import (
    STATUSES,
    age,
    clock,
    duration,
    elapsed,
    number,
    plain,
    status_cell,
    timestamp,
)

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


@pytest.fixture
def _utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("ago", "shown"),
    [
        (0, "0s"),
        (59_999, "59s"),
        (MINUTE, "1m"),
        (HOUR - 1, "59m"),
        (HOUR, "1h"),
        (DAY, "1d"),
        (7 * DAY, "1w"),
        (366 * DAY, "1y"),
        (-HOUR, "0s"),
    ],
)
def test_an_age_is_given_in_its_largest_unit(ago: int, shown: str) -> None:
    assert age(10**13 - ago, 10**13) == shown


def test_an_age_counts_from_now_when_no_time_is_given() -> None:
    assert age(round(time.time() * 1000) - 3 * DAY - MINUTE) == "3d"


@pytest.mark.parametrize(
    ("ms", "shown"),
    [
        (0, "0.0s"),
        (420, "0.4s"),
        (9_900, "9.9s"),
        (12_345, "12s"),
        (65 * SECOND, "1m05s"),
        (2 * HOUR + 3 * MINUTE, "2h03m"),
        (3 * DAY + 4 * HOUR, "3d04h"),
        (-5, "0.0s"),
    ],
)
def test_a_duration_is_given_in_its_two_largest_units(ms: float, shown: str) -> None:
    assert duration(ms) == shown


def test_what_goes_on_is_measured_until_now() -> None:
    assert elapsed(1_000, 3_000, 99_000) == "2.0s"
    assert elapsed(1_000, None, 31_000) == "30s"


def test_a_time_that_is_not_known_is_a_dash() -> None:
    assert {age(None), duration(None), elapsed(None, 5), timestamp(None)} == {"\u2013"}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.905, "0.905"),
        (0.9, "0.9"),
        (0.123456, "0.1235"),
        (-0.75680, "-0.7568"),
        (12_345.678, "12346"),
        (7.0, "7"),
        (-3.0, "-3"),
        (0.0, "0"),
        (123_456_789.0, "123456789"),
        (1e15, "1e15"),
        (0.0000123456, "1.235e-5"),
        (1e-7, "1e-7"),
        (0.99996, "1.0000"),
        (nan, "NaN"),
        (inf, "inf"),
        (-inf, "-inf"),
        (1.7976931348623157e308, "inf"),
        (-1.7976931348623157e308, "-inf"),
        (5e-324, "4.941e-324"),
    ],
)
def test_a_number_keeps_four_digits_and_never_pretends_to_be_whole(
    value: float, shown: str
) -> None:
    assert number(value) == shown


@pytest.mark.usefixtures("_utc")
def test_a_time_is_shown_as_the_persons_clock_showed_it() -> None:
    assert timestamp(1_700_000_000_000) == "2023-11-14 22:13:20"


def test_a_time_that_no_calendar_has_is_shown_as_it_is() -> None:
    assert timestamp(10**20) == str(10**20)


def test_foreign_text_is_neither_markup_nor_escape_sequences() -> None:
    cell = plain("[red]\x1b[31mparams[lr]=1\n[/tmp/x]", "bold")
    assert cell.plain == "[red]params[lr]=1↵[/tmp/x]"
    assert (cell.style, cell.spans) == ("bold", [])


@pytest.mark.parametrize("status", [*RunStatus, *ProcessState, *ServerState, *Stage])
def test_every_state_has_a_symbol_of_one_cell_beside_its_word(status: str) -> None:
    cell = status_cell(status)
    symbol, _, word = cell.plain.partition(" ")
    assert status.lower() in STATUSES
    assert (cell_len(symbol), word) == (1, status)


def test_a_state_that_is_not_known_is_shown_all_the_same() -> None:
    assert status_cell("PENDING_[REGISTRATION]").plain == "• PENDING_[REGISTRATION]"
    assert status_cell("").plain == ""


@pytest.mark.parametrize(
    ("value", "room", "shown"),
    [
        (-0.0078125, 9, "-0.007812"),
        (-0.0078125, 8, "-0.00781"),
        (1.2345e-10, 6, "1e-10"),
        (123456789.0, 4, "123456789"),
    ],
)
def test_a_number_has_fewer_digits_where_there_is_less_room(
    value: float, room: int, shown: str
) -> None:
    assert number(value, room) == shown


TIMES = st.integers(-(2**63), 2**63 - 1) | st.sampled_from([10**400, -(10**400), 0])


@settings(max_examples=200, deadline=None)
@given(TIMES, TIMES, st.floats())
def test_any_number_reads_as_a_time_a_length_a_value(start: int, end: int, value: float) -> None:
    assert age(start, end)
    assert elapsed(start, end, 0)
    assert timestamp(start)
    assert clock(value)
    assert duration(value)
    assert len(number(value)) <= 13
    assert number(value, 6)
