"""Chunks, verdicts on them, and what they are a reason to tell."""

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_tui.domain.drift.drift_report import DriftReport, FeatureDrift, FeatureKind, Histogram
from mlops_tui.domain.monitoring import conditions
from mlops_tui.domain.monitoring.alert import AlertKind
from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval, chunk_of
from mlops_tui.domain.monitoring.monitor_verdict import verdict
from mlops_tui.domain.serving.endpoint_figures import EndpointFigures, read_figures

BARS = Histogram((), (0.0, 1.0), (1.0,), (1.0,))


def feature(name: str, effect: float | None, reason: str = "") -> FeatureDrift:
    return FeatureDrift(
        name,
        FeatureKind.NUMBER,
        drifted=effect is None or effect > 0.1,
        effect=effect,
        measure="Wasserstein/σ",
        limit=0.1,
        p=0.01,
        psi=None,
        n_reference=100,
        n_current=100,
        nulls_reference=0.0,
        nulls_current=0.0,
        histogram=BARS,
        reason=reason,
    )


def chunk(number: int, *features: FeatureDrift) -> ChunkResult:
    drifted = sum(each.drifted for each in features)
    report = DriftReport(features, 100, 100, 100, 100)
    return ChunkResult(
        number,
        3_600_000 * number,
        3_600_000 * (number + 1),
        1_000,
        0,
        report,
        metric="accuracy",
        band=Interval(0.9, 0.85, 0.95, 1_000),
        columns=len(features),
        columns_drifted=drifted,
    )


GOOD, BAD = Interval(0.91, 0.89, 0.93, 1_000), Interval(0.7, 0.67, 0.73, 1_000)


def test_a_chunk_comes_back_from_json_whole_and_light() -> None:
    whole = replace(
        chunk(7, feature("age", 0.3), feature("sex", 0.01)),
        prediction_drift=feature("prediction", 0.2),
        estimated=GOOD,
        realised=BAD,
        concept_gap=-0.21,
        is_concept_drift=True,
        alarm=True,
        remark="[red]",
    )
    assert chunk_of(json.loads(json.dumps(whole.as_dict()))) == whole
    light = whole.light(1)
    assert [each.name for each in light.drift.features] == ["age"]
    assert light.drift.features[0].histogram is None
    assert (light.columns, light.share) == (2, 0.5)
    assert chunk_of(light.as_dict()) == light


JSON = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.integers())


@given(
    st.dictionaries(st.sampled_from(sorted(chunk(1).as_dict())), JSON)
    | JSON
    | st.tuples(st.sampled_from(sorted(chunk(1).as_dict())), JSON).map(
        lambda pair: {**chunk(1).as_dict(), pair[0]: pair[1]}
    )
)
def test_what_somebody_else_wrote_is_a_chunk_or_a_value_error(found: object) -> None:
    with contextlib.suppress(ValueError):
        assert chunk_of(found).number >= 0


def test_the_verdict_says_what_drifted_since_when_how_much_and_whether_it_matters() -> None:
    calm = replace(chunk(1, feature("age", 0.01)), estimated=GOOD)
    assert verdict([]) == "No chunk yet."
    assert verdict([], 340) == "No chunk yet: 340 rows so far."
    assert verdict([calm]) == (
        "No drift in chunk 1 (1,000 rows, 1 column). "
        "Accuracy 0.91 (0.89 to 0.93) by estimate, without labels, as usual."
    )
    drifted = replace(chunk(2, feature("age", 0.34)), estimated=GOOD)
    assert verdict([calm, drifted, replace(drifted, number=3)]) == (
        "1 of 1 column drifted since chunk 2 (01 Jan 02:00 UTC): age (0.34, limit 0.1). "
        "So far it does not matter: accuracy 0.91 (0.89 to 0.93) by estimate, without labels, "
        "as usual."
    )
    matters = replace(drifted, realised=BAD, labels=1_000)
    assert "It matters: accuracy 0.7 (0.67 to 0.73) by 1,000 labels" in verdict([calm, matters])
    unknown = replace(drifted, estimated=None)
    assert "unknown: there are neither labels nor an estimate" in verdict([unknown])
    concept = replace(matters, concept_gap=-0.21, is_concept_drift=True, band=None)
    assert "Concept drift: the labels give -0.21" in verdict([concept])
    both = replace(drifted, prediction_drift=feature("prediction", 0.4))
    assert "Predictions drifted too (0.4, limit 0.1)." in verdict([both])
    assert "Predictions did not." in verdict(
        [replace(both, prediction_drift=feature("prediction", 0.01))]
    )
    kinds = replace(chunk(1, feature("age", None, "text, now numbers")), estimated=None)
    assert "age (text, now numbers)" in verdict([kinds])


@pytest.mark.parametrize(
    ("interval", "lower_is_better", "falls"),
    [
        (Interval(0.8, 0.7, 0.84, 9), False, True),
        (Interval(0.8, 0.7, 0.86, 9), False, False),
        (Interval(1.2, 0.96, 1.3, 9), True, True),
        (Interval(0.5, 0.4, 0.6, 9), True, False),
    ],
)
def test_a_metric_falls_when_its_whole_interval_is_beyond_the_band(
    interval: Interval, lower_is_better: bool, falls: bool
) -> None:
    found = replace(chunk(1), realised=interval, lower_is_better=lower_is_better)
    assert found.is_falling is falls


def test_each_condition_of_a_chunk_is_told_with_the_verdict() -> None:
    found = replace(chunk(1, feature("age", 0.3)), realised=BAD, is_concept_drift=True)
    assert list(conditions.of_chunks([found])) == list(conditions.OF_CHUNKS)
    assert conditions.of_chunks([chunk(1, feature("age", 0.01))]) == {}
    assert conditions.of_chunks([]) == {}
    assert conditions.of_backlog(2) == {}
    assert AlertKind.BEHIND in conditions.of_backlog(9)


def figures(**told: object) -> EndpointFigures:
    found = read_figures({"in_flight": 0, **told})  # type: ignore[dict-item]
    assert found is not None
    return found


def test_an_endpoint_is_told_of_when_it_fails_or_its_capture_is_full() -> None:
    calm = replace(figures(), requests=100, errors={"500": 2})
    assert conditions.of_endpoint("iris v3", calm, 0) == {}
    failing = replace(calm, errors={"500": 20})
    assert "20 of the last 100 requests failed" in str(conditions.of_endpoint("i", failing, 0))
    choice = replace(calm.capture.choice, share=1.0, limit_mib=1)
    full = replace(calm, capture=replace(calm.capture, choice=choice, size=1024 * 1024))
    assert "is full" in conditions.of_endpoint("i", full, 0)[AlertKind.CAPTURE]
    left = replace(calm, capture=replace(calm.capture, choice=choice, dropped=7))
    assert "left out 5 requests" in conditions.of_endpoint("i", left, 2)[AlertKind.CAPTURE]
    broken = replace(calm, capture=replace(calm.capture, choice=choice, problem="no space"))
    assert "captures nothing now" in conditions.of_endpoint("i", broken, 0)[AlertKind.CAPTURE]
