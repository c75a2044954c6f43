"""How closely one column of numbers follows another."""

import pytest

from mlops_tui.domain.compare.rank_correlation import (
    adjusted_eta,
    adjusted_square,
    quantile_bins,
    ranks,
    spearman,
)


def test_equal_values_share_their_mean_rank() -> None:
    assert ranks([10, 20, 10, 5]) == [2.5, 4, 2.5, 1]
    assert ranks([]) == []


@pytest.mark.parametrize(
    ("first", "second", "rho"),
    [
        ([1, 2, 3], [1, 8, 27], 1.0),
        ([1, 2, 3], [9, 4, 1], -1.0),
        # Worked out by hand: 1 - 6 * sum of d squared / (n (n squared - 1)).
        ([1, 2, 3, 4, 5], [2, 1, 4, 3, 5], 0.8),
        ([1, 2, 2, 3], [1, 2, 3, 4], 0.9486832980505138),
    ],
)
def test_ranks_that_go_together_correlate(
    first: list[float], second: list[float], rho: float
) -> None:
    assert spearman(first, second) == pytest.approx(rho)


def test_a_constant_correlates_with_nothing() -> None:
    assert spearman([1, 1, 1], [1, 2, 3]) is None
    assert spearman([], []) is None


def test_what_the_group_decides_has_a_share_of_one() -> None:
    assert adjusted_eta("aabb", [1.5, 1.5, 3.5, 3.5]) == pytest.approx(1.0)
    assert adjusted_eta("abab", [1.5, 1.5, 3.5, 3.5]) == 0.0
    # H = 3 * 16 / 20 = 2.4 (16 of 20 lie between the groups); (2.4 - 2 + 1) / (4 - 2).
    assert adjusted_eta("aabb", [0, 2, 4, 6]) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("groups", "values"), [("abc", [1, 2, 3]), ("aaa", [1, 2, 3]), ("aab", [2, 2, 2]), ("", [])]
)
def test_groups_that_tell_nothing_have_no_share(groups: str, values: list[float]) -> None:
    assert adjusted_eta(groups, values) is None


def test_a_correlation_of_few_pairs_counts_for_less() -> None:
    assert adjusted_square(1.0, 3) == 1.0
    assert adjusted_square(0.5, 3) == 0.0
    assert adjusted_square(0.5, 101) == pytest.approx(1 - 0.75 * 100 / 99)


def test_bins_hold_about_as_many_values_each_with_equal_ones_together() -> None:
    assert quantile_bins([5, 1, 3, 2, 4, 6], 3) == [2, 0, 1, 0, 1, 2]
    assert quantile_bins([1, 1, 1, 1, 2, 3], 2) == [0, 0, 0, 0, 1, 1]
    assert quantile_bins([7, 7, 8], 3) == [0, 0, 1]
    assert quantile_bins([], 3) == []
