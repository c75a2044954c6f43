"""What is said of a column of a chunk, whatever its numbers and its name."""

from dataclasses import replace
from math import inf, nan
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlops_tui.domain.drift.drift_report import DriftReport, FeatureDrift, FeatureKind, Histogram
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.tui.monitoring.feature_cells import (
    PREDICTION,
    WIDE_COLUMNS,
    feature_cell,
    rows_of,
)
from mlops_tui.tui.monitoring.feature_text import bin_names, feature_text

AGE = FeatureDrift(
    "age",
    FeatureKind.NUMBER,
    drifted=True,
    effect=0.342,
    measure="Wasserstein/σ",
    limit=0.1,
    p=1e-37,
    psi=0.31,
    n_reference=50_000,
    n_current=880,
    nulls_reference=0.001,
    nulls_current=0.12,
    out_of_range=0.03,
    quantiles_reference=(18, 21, 30, 40, 50, 60, 70),
    quantiles_current=(20, 30, 40, 50, 60, 70, 99),
    histogram=Histogram((), (18, 30, 50, 99), (0.5, 0.5, 0), (0, 0.5, 0.5)),
    noise=0.031,
    p_adjusted=2e-36,
    dtype="int64",
)
CITY = FeatureDrift(
    "[red]city\x1b[2J",
    FeatureKind.CATEGORY,
    drifted=False,
    effect=0.02,
    measure="Jensen–Shannon",
    limit=0.1,
    p=0.4,
    psi=None,
    n_reference=50_000,
    n_current=1_000,
    nulls_reference=0,
    nulls_current=0,
    new_categories=("Rome", "[b]Oslo"),
    new_category_count=12,
    histogram=Histogram(("Paris", "others"), (), (0.6, 0.4), (0.5, 0.5)),
)
EMPTY = replace(CITY, effect=None, reason="All values are missing.", histogram=None)


def chunk(*features: FeatureDrift, prediction: FeatureDrift | None = None) -> ChunkResult:
    report = DriftReport(features, 50_000, 1_000, 50_000, 1_000)
    return ChunkResult(1, 0, 1, 1_000, 0, report, prediction)


def cells(feature: FeatureDrift) -> dict[str, str]:
    return {
        column.key: feature_cell("column x", feature, column.key).plain for column in WIDE_COLUMNS
    }


def test_a_row_has_sign_effect_limit_noise_p_with_n_and_small_histogram() -> None:
    assert cells(AGE) == {
        "sign": "✗",
        "name": "age",
        "kind": "num",
        "effect": "0.342",
        "limit": "0.1",
        "histogram": "⡇⣿⢸",
        "noise": "0.031",
        "p": "1e-37",
        "n": "880",
        "nulls": "12%",
        "new": "",
        "out": "3%",
        "psi": "0.31",
        "reason": "",
    }
    found = cells(CITY)
    assert (found["sign"], found["kind"], found["new"], found["psi"]) == ("✓", "cat", "12", "–")
    assert found["name"] == "[red]city"
    assert cells(EMPTY)["sign"] == "·"
    assert cells(EMPTY)["reason"] == "All values are missing."


def test_predictions_stand_above_the_columns_also_where_one_has_their_name() -> None:
    named_so = replace(CITY, name=PREDICTION)
    rows = rows_of(chunk(AGE, named_so, prediction=CITY))
    assert list(rows.values()) == [CITY, AGE, named_so]


def test_the_details_have_histograms_quantiles_and_all_facts() -> None:
    told = feature_text(AGE).plain
    for words in (
        "✗ drifted: Wasserstein/σ 0.342, limit 0.1; noise alone gives 0.031",
        "below 30                50% ████████████████████",
        "from 50                    ",
        "reference       18       21       30       40",
        "chunk           20       30",
        "1e-37, n 880 against 50,000; 2e-36 adjusted for all columns",
        "12%, <1% in the reference",
    ):
        assert words in told, told
    assert "✓ no drift: Jensen–Shannon 0.02" in feature_text(CITY).plain
    assert "12: Rome, [b]Oslo and 10 more" in feature_text(CITY).plain
    assert feature_text(EMPTY).plain.startswith("· not compared: All values are missing.")


@pytest.mark.parametrize(
    ("edges", "names"),
    [
        ((), ()),
        ((1.0,), ()),
        ((0, 1), ("all",)),
        ((0, 1, 2), ("below 1", "from 1")),
        ((0, 1, 2, 3), ("below 1", "1 to 2", "from 2")),
    ],
)
def test_the_outer_bins_are_open(edges: tuple[float, ...], names: tuple[str, ...]) -> None:
    assert bin_names(edges) == names


ANY = st.floats() | st.sampled_from([0.0, 1e308, -1e308, inf, -inf, nan, 5e-324])
MANY = st.lists(ANY, max_size=9).map(tuple)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    ANY,
    st.none() | ANY,
    MANY,
    MANY,
    MANY,
    st.integers(0, 2**63),
)
def test_any_numbers_are_drawn(
    value: float, maybe: float | None, one: Any, other: Any, edges: Any, count: int
) -> None:
    feature = replace(
        AGE,
        effect=maybe,
        limit=value,
        noise=maybe,
        p=maybe,
        psi=maybe,
        n_current=count,
        new_category_count=count,
        nulls_current=value,
        out_of_range=value,
        p_adjusted=maybe,
        quantiles_reference=one,
        quantiles_current=other,
        histogram=Histogram((), edges, one, other),
    )
    assert all(isinstance(text, str) for text in cells(feature).values())
    assert feature_text(feature).plain
