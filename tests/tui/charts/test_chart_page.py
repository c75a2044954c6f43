"""Which charts are in view."""

import pytest

from mlops_tui.tui.charts.chart_page import LAYOUTS, ChartPage

TWENTY = ChartPage().of([f"m{number:02}" for number in range(20)])


@pytest.mark.parametrize(
    ("width", "height", "count", "grid"),
    [
        (120, 30, 20, (3, 3)),
        (80, 17, 20, (2, 2)),
        (40, 10, 20, (1, 1)),
        (10, 3, 20, (1, 1)),
        (300, 100, 20, (3, 3)),
        (120, 30, 1, (1, 1)),
        (120, 30, 2, (2, 1)),
        (120, 30, 4, (2, 2)),
        (120, 30, 0, (1, 1)),
    ],
)
def test_as_many_charts_are_in_view_as_can_be_read(
    width: int, height: int, count: int, grid: tuple[int, int]
) -> None:
    page = ChartPage().of([f"m{number}" for number in range(count)])
    assert page.grid(width, height) == grid


@pytest.mark.parametrize("most", LAYOUTS)
def test_no_more_are_in_view_than_wanted(most: int) -> None:
    page = TWENTY
    while page.most != most:
        page = page.in_layout_after()
    columns, rows = page.grid(300, 100)
    assert columns * rows == most


def test_the_page_is_the_one_of_the_chosen_chart() -> None:
    page = TWENTY.moved(5)
    assert page.in_view(4) == ("m04", "m05", "m06", "m07")
    assert page.number(4) == (2, 5)
    assert TWENTY.in_view(4)[0] == "m00"


def test_choosing_stops_at_the_ends() -> None:
    assert TWENTY.moved(99).chosen == "m19"
    assert TWENTY.moved(-1).chosen == "m00"
    assert ChartPage().moved(1) == ChartPage()


def test_the_chosen_chart_stays_while_it_is_there() -> None:
    page = TWENTY.moved(3)
    assert page.of(["m03", "m07"]).chosen == "m03"
    assert page.of(["m07"]).chosen == "m07"
    assert page.of([]).in_view(4) == ()


def test_what_nobody_has_chosen_is_the_first_whatever_comes_to_be_known_before_it() -> None:
    first = ChartPage().of(["z"]).of([*"abcdxyz"])
    assert (first.chosen, first.number(2)) == ("a", (1, 4))
    picked = ChartPage().of([*"yz"]).moved(1).of([*"abcdxyz"])
    assert (picked.chosen, picked.number(2)) == ("z", (4, 4))
    assert picked.of([*"ab"]).of([*"abcdxyz"]).chosen == "a"
