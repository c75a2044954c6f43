import json
from dataclasses import replace

import pytest

from mlops_tui.domain.drift.drift_limits import DriftLimits
from mlops_tui.domain.drift.drift_report import (
    DriftReport,
    FeatureDrift,
    FeatureKind,
    Histogram,
    by_severity,
)
from mlops_tui.domain.drift.estimate import doubt
from mlops_tui.domain.errors import InvalidInput

AGE = FeatureDrift(
    name="age",
    kind=FeatureKind.NUMBER,
    drifted=True,
    effect=0.34,
    measure="Wasserstein/σ",
    limit=0.1,
    p=1e-9,
    psi=0.3,
    n_reference=900,
    n_current=90,
    nulls_reference=0.1,
    nulls_current=0.1,
    out_of_range=0.01,
    quantiles_reference=(0.0, 1.0),
    quantiles_current=(0.5, 2.0),
    histogram=Histogram((), (0.0, 1.0, 2.0), (0.5, 0.5), (0.0, 1.0)),
)
CITY = replace(
    AGE,
    name="city",
    kind=FeatureKind.CATEGORY,
    drifted=False,
    effect=0.02,
    new_categories=("Graz",),
    new_category_count=1,
    histogram=Histogram(("Wien", "other"), (), (1.0, 0.0), (0.9, 0.1)),
)
NOTES = replace(CITY, name="notes", effect=None, p=None, psi=None, histogram=None, reason="text")


def report(*features: FeatureDrift) -> DriftReport:
    return DriftReport(by_severity(features), 1000, 100, 1000, 100, (), ("\x1b[31mextra",))


def test_the_sentence_names_the_worst_columns_first() -> None:
    worse = replace(AGE, name="income", effect=2.0)
    found = report(CITY, AGE, NOTES, worse)
    assert found.sentence == (
        "2 of 4 columns drifted: income (2, limit 0.1), age (0.34, limit 0.1). Additional: extra."
    )
    assert (found.drifted, found.share) == (True, 0.5)
    many = [replace(AGE, name=f"c{number}") for number in range(5)]
    assert "c0 (0.34, limit 0.1), c1" in report(*many).sentence
    assert "and 2 more." in report(*many).sentence
    retyped = replace(NOTES, drifted=True, reason="double in the reference, string now.")
    assert "notes (double in the reference, string now)." in report(retyped).sentence


def test_without_drift_it_says_so() -> None:
    missing = tuple("abcde")
    found = replace(report(CITY), missing=missing, additional=())
    assert found.sentence == "No drift in 1 column. Missing: a, b, c and 2 more."
    assert (found.drifted, found.share) == (False, 0.0)
    assert DriftReport((), 0, 0, 0, 0).share == 0.0


def test_a_report_is_read_back_from_json() -> None:
    found = report(CITY, AGE, NOTES)
    assert DriftReport.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    with pytest.raises((ValueError, KeyError, TypeError)):
        DriftReport.from_dict({"features": [{"name": "age"}]})


def test_severity_is_the_effect_in_units_of_its_limit() -> None:
    assert NOTES.severity == 0.0
    assert AGE.severity == pytest.approx(3.4)
    assert replace(AGE, limit=0.0).severity == float("inf")
    assert replace(AGE, limit=0.0, effect=0.0).severity == 0.0


def test_limits_are_typed_by_measure_or_by_column() -> None:
    limits = DriftLimits().with_limit("js=0.2").with_limit("age=0.5").with_limit("a=b=1")
    assert limits.of_effect("age", FeatureKind.NUMBER) == 0.5
    assert limits.of_effect("x", FeatureKind.NUMBER) == 0.1
    assert limits.of_effect("x", FeatureKind.CATEGORY) == 0.2
    assert limits.columns == {"age": 0.5, "a=b": 1.0}
    assert DriftLimits.from_dict(json.loads(json.dumps(limits.to_dict()))) == limits


@pytest.mark.parametrize("text", ["", "age", "=1", "age=", "age=x", "age=nan", "age=-1", "p=2"])
def test_a_limit_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        DriftLimits().with_limit(text)


@pytest.mark.parametrize("data", [{"columns": [1]}, {"columns": {"age": "x"}}, {"psi": None}])
def test_limits_of_a_foreign_text_are_refused_in_a_sentence(data: dict[str, object]) -> None:
    with pytest.raises(InvalidInput):
        DriftLimits.from_dict(data)


def test_an_estimate_is_in_doubt_where_a_number_moved_far() -> None:
    assert doubt(report(AGE, CITY, NOTES)) == ""
    far = replace(AGE, name="in\x00come", effect=1.83)
    assert doubt(report(AGE, far)) == "in·come moved by 1.8 σ: beyond 1.5 σ an estimate is unsure"
    assert doubt(report(replace(CITY, drifted=True, effect=1.9))) == ""
