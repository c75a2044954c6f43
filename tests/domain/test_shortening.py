"""Names cut where they can still be told apart."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.shortening import NamesAlike, shortened, told_apart


def test_what_differs_at_the_end_or_in_the_middle_stays() -> None:
    names = ["resnet50-imagenet-lr0.1-a", "resnet50-imagenet-lr0.1-b", "vit"]
    assert shortened(names, 14) == ["resn…t-lr0.1-a", "resn…t-lr0.1-b", "vit"]
    long = [f"experiment-{lr}-{'x' * 40}" for lr in ("0.1", "0.2")]
    assert shortened(long, 14) == ["expe…1-xxxxxx…", "expe…2-xxxxxx…"]


def test_what_differs_at_the_beginning_is_cut_at_its_end() -> None:
    assert shortened(["adam-" + "x" * 30, "sgd-" + "x" * 30], 10) == ["adam-xxxx…", "sgd-xxxxx…"]


def test_runs_of_one_name_have_their_ids() -> None:
    assert told_apart(["a", "b", "a"], ["11111111", "2", "33333333"]) == [
        "a 111111",
        "b",
        "a 333333",
    ]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=5), st.integers(1, 30))
def test_no_name_takes_more_than_its_width(names: list[str], width: int) -> None:
    assert all(len(each) <= width for each in shortened(names, width))


@pytest.mark.parametrize("width", [8, 14, 20])
def test_names_that_differ_in_one_place_differ_when_cut(width: int) -> None:
    names = [f"{'a' * 30}{digit}{'b' * 30}" for digit in "123"]
    assert len(set(shortened(names, width))) == 3


def test_a_name_is_compared_with_the_one_that_it_shares_most_with() -> None:
    names = [f"RandomForest_Run_{number}" for number in range(1, 12)]
    assert shortened(names, 14)[-2:] == ["Rand…st_Run_10", "Rand…st_Run_11"]
    alike = NamesAlike([*names, "adam", "RandomForest"])
    assert alike.shortened("RandomForest_Run_10", 99) == "RandomForest_Run_10"


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(alphabet="ab", max_size=6), unique=True, max_size=12))
def test_the_nearest_in_order_is_the_one_most_alike(names: list[str]) -> None:
    for name in names:
        others = [_shared(name, other) for other in names if other != name]
        assert NamesAlike(names)._like_another(name) == max(others, default=0)


def _shared(one: str, other: str) -> int:
    return max(n for n in range(len(one) + 1) if other.startswith(one[:n]))
