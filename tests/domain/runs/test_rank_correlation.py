"""How closely one column of numbers follows another."""

import pytest

from mlops_tui.domain.runs.rank_correlation import correlation_ratio, ranks, spearman


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


def test_what_the_group_decides_has_a_ratio_of_one() -> None:
    assert correlation_ratio("aabb", [1, 1, 5, 5]) == pytest.approx(1.0)
    assert correlation_ratio("abab", [1, 1, 5, 5]) == pytest.approx(0.0)
    # Between the groups 2 * 2**2 * 2 = 16 of 20 in all.
    assert correlation_ratio("aabb", [0, 2, 4, 6]) == pytest.approx(16 / 20)


@pytest.mark.parametrize(
    ("groups", "values"), [("abc", [1, 2, 3]), ("aaa", [1, 2, 3]), ("aab", [2, 2, 2]), ("", [])]
)
def test_groups_that_tell_nothing_have_no_ratio(groups: str, values: list[float]) -> None:
    assert correlation_ratio(groups, values) is None
