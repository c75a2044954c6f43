"""Distances and p against scipy's, on generated samples."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats
from scipy.spatial.distance import jensenshannon

from mlops_tui.services.drift import category_effects, p_values
from mlops_tui.services.drift.number_effects import (
    NumberEffects,
    Numbers,
    effects,
    histogram,
    psi_of_counts,
    quantiles,
    stability_index,
)

NUMBERS = st.floats(-1e6, 1e6, allow_nan=False, width=32) | st.integers(-3, 3).map(float)
SAMPLES = st.lists(NUMBERS, min_size=1, max_size=30).map(np.array)
COUNTS = st.integers(2, 8).flatmap(
    lambda size: st.tuples(
        *[arrays(np.int64, size, elements=st.integers(0, 200)).filter(np.any) for _ in range(2)]
    )
)


def ascending(values: np.ndarray) -> Numbers:
    return Numbers(np.sort(values))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(SAMPLES, SAMPLES)
def test_wasserstein_and_kolmogorov_smirnov_are_those_of_scipy(
    ours: np.ndarray, theirs: np.ndarray
) -> None:
    found = effects(ascending(ours), ascending(theirs))
    if np.ptp(ours):
        expected = stats.wasserstein_distance(ours, theirs) / ours.std()
        assert found.wasserstein == pytest.approx(expected, rel=1e-6, abs=1e-9)
    statistic = stats.ks_2samp(ours, theirs, method="asymp").statistic
    assert found.ks == pytest.approx(statistic, abs=1e-12)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(SAMPLES, SAMPLES, st.integers(-1000, 1000), st.integers(-900, 900))
def test_the_unit_of_a_number_does_not_matter(
    ours: np.ndarray, theirs: np.ndarray, shift: int, power: int
) -> None:
    ours, theirs = np.round(ours) + shift, np.round(theirs) + shift
    factor = 2.0**power
    found = effects(ascending(ours), ascending(theirs))
    scaled = effects(ascending(ours * factor), ascending(theirs * factor))
    assert scaled.wasserstein == pytest.approx(found.wasserstein, rel=1e-9)
    assert scaled.ks == found.ks


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(SAMPLES, SAMPLES)
def test_a_number_that_counts_twice_is_there_twice(ours: np.ndarray, theirs: np.ndarray) -> None:
    twice, weighted = ascending(np.repeat(ours, 2)), ascending(ours)
    weighted = Numbers(weighted.values, np.full(len(ours), 2.0))
    other = ascending(theirs)
    found, expected = effects(weighted, other), effects(twice, other)
    assert found.wasserstein == pytest.approx(expected.wasserstein, rel=1e-9, abs=1e-12)
    assert found.ks == pytest.approx(expected.ks, abs=1e-12)
    assert effects(other, weighted).ks == pytest.approx(found.ks, abs=1e-12)
    assert stability_index(weighted, other) == pytest.approx(stability_index(twice, other))
    assert quantiles(weighted) == quantiles(twice)
    edges = np.unique(theirs)
    assert list(weighted.counts(edges)) == list(twice.counts(edges))
    assert weighted.outside(edges[0], edges[-1]) == twice.outside(edges[0], edges[-1])


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.floats(0.01, 1.0), st.integers(1, 4000), st.integers(1, 4000))
def test_p_of_kolmogorov_smirnov_is_that_of_scipy(distance: float, n: int, m: int) -> None:
    size = max(1, round(n * m / (n + m)))
    expected = stats.kstwo.sf(distance, size)
    found = p_values.p_of_ks(distance, n, m)
    apart = stats.hypergeom.pmf(n, n + m, n, n) * 2  # 2 n! m! / (n+m)!
    if expected < 0.05:
        assert found == pytest.approx(max(expected, apart), rel=1e-3, abs=1e-12)
    else:
        assert found == pytest.approx(expected, abs=0.2 if size < 20 else 0.02)


def test_p_of_large_samples_is_that_of_scipy() -> None:
    expected = stats.kstwo.sf(0.002, 500_000)
    assert p_values.p_of_ks(0.002, 1e6, 1e6) == pytest.approx(expected, rel=1e-3)


def test_one_value_beyond_all_others_is_as_likely_as_it_is() -> None:
    assert p_values.p_of_ks(1.0, 1, 99) == pytest.approx(2 / 100)
    assert p_values.p_of_outside(1, 1, 99) == pytest.approx(2 / 100)
    assert p_values.p_of_outside(0, 5, 99) == 1.0


@settings(max_examples=50, deadline=None)
@given(COUNTS)
def test_jensen_shannon_is_that_of_scipy(counts: tuple[np.ndarray, np.ndarray]) -> None:
    expected = jensenshannon(*counts, base=2)
    assert category_effects.jensen_shannon(*counts) == pytest.approx(expected, abs=1e-7)


@settings(max_examples=50, deadline=None)
@given(COUNTS)
def test_p_of_chi_squared_is_that_of_scipy(counts: tuple[np.ndarray, np.ndarray]) -> None:
    table = np.stack(counts)[:, np.sum(counts, axis=0) > 0]
    if table.shape[1] > 1 and stats.contingency.expected_freq(table).min() >= 5:
        expected = stats.chi2_contingency(table, correction=False).pvalue
        assert p_values.p_of_counts(*counts) == pytest.approx(expected, rel=1e-9, abs=1e-300)
    else:
        assert 0 <= p_values.p_of_counts(*counts) <= 1


def test_rare_categories_are_counted_together() -> None:
    ours, theirs = np.full(1000, 1), np.full(1000, 1)
    assert p_values.p_of_counts(ours, theirs) == 1.0
    rare = np.concatenate(([500], np.full(300, 1)))
    other = np.concatenate(([500], np.zeros(150), np.full(150, 2)))
    together = p_values.p_of_counts(np.array([500, 300]), np.array([500, 300]))
    assert p_values.p_of_counts(rare, other) == together
    assert p_values.p_of_counts(np.array([0, 0]), np.array([1, 2])) == 1.0


@settings(max_examples=50, deadline=None)
@given(
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    st.integers(1, 300).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
)
def test_p_of_shares_is_that_of_scipy(ours: tuple[int, int], theirs: tuple[int, int]) -> None:
    (a, n), (b, m) = ours, theirs
    found = p_values.p_of_shares(a, n, b, m)
    if 0 < a + b < n + m:
        expected = stats.chi2_contingency([[a, n - a], [b, m - b]]).pvalue
        assert found == pytest.approx(expected, rel=1e-9, abs=1e-300)
    else:
        assert found == 1.0


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_p_values_are_adjusted_as_scipy_does(values: list[float]) -> None:
    expected = stats.false_discovery_control(values)
    assert p_values.adjusted(values) == pytest.approx(list(expected))


def test_nothing_is_adjusted_to_nothing() -> None:
    assert p_values.adjusted([]) == []


@pytest.mark.parametrize("n", [100, 1000])
@pytest.mark.parametrize("make", ["normal", "exponential", "poisson"])
def test_the_noise_is_the_mean_distance_of_stable_samples(make: str, n: int) -> None:
    rng = np.random.default_rng(3)

    def sample(size: int) -> Numbers:
        drawn = rng.poisson(2, size) if make == "poisson" else getattr(rng, make)(size=size)
        return ascending(drawn.astype(float))

    reference = sample(5000)
    found = [effects(reference, sample(n)) for _ in range(60)]
    mean = np.mean([each.wasserstein for each in found])
    assert np.mean([each.noise for each in found]) == pytest.approx(mean, rel=0.2)
    stability = [stability_index(reference, sample(n)) for _ in range(60)]
    assert np.mean([psi for psi, _ in stability]) == pytest.approx(stability[0][1], rel=0.3)


@pytest.mark.parametrize("categories", [2, 50, 2000])
def test_the_noise_of_categories_is_their_mean_distance(categories: int) -> None:
    rng = np.random.default_rng(4)
    shares = rng.dirichlet(np.ones(categories))
    pairs = [(rng.multinomial(5000, shares), rng.multinomial(1000, shares)) for _ in range(40)]
    used = [(ours[ours + theirs > 0], theirs[ours + theirs > 0]) for ours, theirs in pairs]
    squares = [category_effects.jensen_shannon(*pair) ** 2 for pair in used]
    noises = [category_effects.noise_of_categories(*pair) ** 2 for pair in used]
    assert np.mean(noises) == pytest.approx(np.mean(squares), rel=0.35)


def test_a_constant_or_huge_number_has_an_effect_that_can_be_drawn() -> None:
    one, two = Numbers(np.full(5, 0.1)), Numbers(np.full(5, 0.2))
    assert effects(one, one) == NumberEffects(0.0, 0.0, 0.0)
    assert effects(one, two).wasserstein == pytest.approx(2.0)
    zero = Numbers(np.zeros(3))
    assert effects(zero, zero).wasserstein == 0.0
    huge = Numbers(np.array([-1.7e308, 1.7e308]))
    assert effects(huge, one).wasserstein == pytest.approx(1.0)
    assert effects(Numbers(huge.values, np.array([1.0, 1.0])), one).ks == 0.5
    assert histogram(one, one) is None
    drawn = histogram(huge, one)
    assert drawn is not None
    assert np.isfinite(drawn.edges).all()
    assert sum(drawn.current) == pytest.approx(1.0)


def test_an_empty_bin_is_no_infinite_psi() -> None:
    psi, noise = psi_of_counts(np.array([100, 0]), np.array([0, 100]))
    assert np.isfinite(psi)
    assert noise == pytest.approx(0.02)
    assert psi_of_counts(np.array([50, 50]), np.array([5, 5]))[0] == pytest.approx(0.0)
