"""Tables of Arrow, summarised and compared."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mlops_tui.domain.drift.drift_limits import DriftLimits
from mlops_tui.domain.drift.drift_report import DriftReport, FeatureDrift, FeatureKind
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.services.drift import column_gathering
from mlops_tui.services.drift.comparison import compare
from mlops_tui.services.drift.summary import OtherColumn, Summary
from mlops_tui.services.drift.tables import summarise

ROWS = 2_000


def table(seed: int = 0, rows: int = ROWS, shift: float = 0.0) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    day = np.datetime64("2024-01-01T00:00")
    return {
        "age": rng.normal(40 + 10 * shift, 10, rows),
        "count": rng.poisson(3, rows),
        "city": rng.choice(["Wien", "Graz", "Linz"], rows),
        "member": rng.random(rows) < 0.3,
        "when": day + rng.integers(0, 10**6, rows).astype("timedelta64[s]"),
    }


def summary(columns: Mapping[str, Any], like: Summary | None = None, **how: Any) -> Summary:
    return summarise([pa.table(dict(columns))], like=like, **how)


def drift(
    ours: Mapping[str, Any], theirs: Mapping[str, Any], limits: DriftLimits | None = None
) -> DriftReport:
    reference = summary(ours)
    return compare(reference, summary(theirs, reference), limits or DriftLimits())


def one(ours: Any, theirs: Any) -> FeatureDrift:
    (found,) = drift({"x": ours}, {"x": theirs}).features
    return found


def test_two_samples_of_one_table_have_not_drifted() -> None:
    report = drift(table(), table(seed=1))
    assert report.drifted is False
    kinds = {each.name: each.kind for each in report.features}
    assert kinds == {
        "age": FeatureKind.NUMBER,
        "count": FeatureKind.NUMBER,
        "city": FeatureKind.CATEGORY,
        "member": FeatureKind.CATEGORY,
        "when": FeatureKind.NUMBER,
    }
    assert all(each.p and each.p > 0.001 for each in report.features)


def test_a_shifted_column_has_drifted_and_comes_first() -> None:
    report = drift(table(), table(seed=1, rows=1_000, shift=0.5))
    worst = report.features[0]
    assert [each.name for each in report.drifted_features] == ["age"] == [worst.name]
    assert worst.effect == pytest.approx(0.5, abs=0.08)
    assert worst.p is not None
    assert worst.p < 1e-20
    assert (worst.n_reference, worst.n_current, worst.dtype) == (2000, 1000, "double")
    assert report.sentence.startswith("1 of 5 columns drifted: age (0.")


def test_p_alone_raises_no_alarm() -> None:
    rng = np.random.default_rng(0)
    found = one(rng.normal(size=200_000)[:40_000], rng.normal(0.06, 1, 40_000))
    assert found.p is not None
    assert found.p < 1e-9
    assert found.drifted is False
    assert found.reason == ""


def test_an_effect_that_noise_explains_raises_no_alarm() -> None:
    rng = np.random.default_rng(1)
    found = one(rng.normal(size=1000), rng.normal(size=25))
    assert found.effect is not None
    assert found.effect > found.limit
    assert found.drifted is False
    assert "no more than noise" in found.reason
    many = [f"c{number}" for number in range(1000)]
    rare = one(rng.choice(many, 50_000), rng.choice(many, 1_000))
    assert rare.effect is not None
    assert rare.effect > 0.3
    assert rare.drifted is False


def test_limits_decide() -> None:
    ours, theirs = table(), table(seed=1, shift=0.5)
    assert not drift(ours, theirs, DriftLimits(wasserstein=0.9, psi=9)).drifted
    assert not drift(ours, theirs, DriftLimits(psi=9).with_limit("age=0.9")).drifted
    assert drift(ours, theirs, DriftLimits().with_limit("city=0.9")).drifted


def test_new_and_shifted_categories_have_drifted() -> None:
    ours = ["Wien"] * 600 + ["Graz"] * 400
    found = one(ours, ["Wien"] * 500 + ["Graz"] * 300 + ["\x1b[31mBonn"] * 200 + ["Ulm"] * 9)
    assert found.drifted
    assert found.new_categories == ("Bonn", "Ulm")
    assert found.new_category_count == 2
    assert found.histogram is not None
    assert found.histogram.labels == ("Wien", "Graz", "Bonn", "Ulm")
    thousands = one(ours, [f"c{number % 3000}" for number in range(6000)])
    assert (thousands.new_category_count, len(thousands.new_categories)) == (3000, 20)
    assert thousands.histogram is not None
    assert thousands.histogram.labels[-1] == "other"
    assert thousands.effect == pytest.approx(1.0)


def test_a_tail_that_hides_a_shift_from_the_distance_shows_in_the_psi() -> None:
    rng = np.random.default_rng(0)
    ours = np.append(rng.normal(size=5000), 1e9)
    found = one(ours, rng.normal(1, 1, 5000))
    assert found.effect is not None
    assert found.effect < found.limit
    assert found.drifted
    assert found.reason.startswith("PSI 0.")


def test_missing_values_and_values_out_of_range_drift() -> None:
    ours = np.linspace(0, 1, 1000)
    missing = np.where(np.arange(1000) % 5 == 0, np.nan, ours)
    found = one(ours, missing)
    assert (found.drifted, found.nulls_current) == (True, 0.2)
    assert found.reason == "missing values differ by 0.2, limit 0.05"
    outside = one(ours, np.where(np.arange(1000) % 10 == 0, 1.01, ours))
    assert (outside.drifted, outside.out_of_range) == (True, 0.1)
    assert "out of range 0.1" in outside.reason
    assert one(missing, missing).drifted is False


def test_infinite_values_are_counted_as_out_of_range() -> None:
    ours = np.arange(100.0)
    theirs = np.concatenate((ours[:80], [np.inf] * 15, [-np.inf] * 5))
    found = one(ours, theirs)
    assert found.out_of_range == 0.2
    assert found.effect is not None
    assert np.isfinite(found.effect)
    assert "20 infinite values" in found.reason
    assert one(theirs, theirs).out_of_range == 0.0
    only = one(theirs, np.full(100, np.inf))
    assert only.effect is None
    assert "no finite values" in only.reason


@pytest.mark.parametrize("rows", [0, 1, 9])
def test_few_rows_raise_no_alarm(rows: int) -> None:
    ours = table()
    few = {name: values[:rows] for name, values in table(shift=99).items()}
    report = drift(ours, few)
    assert (report.drifted, report.rows_current) == (False, rows)
    (age,) = (each for each in report.features if each.name == "age")
    assert age.reason == (
        f"too few values for a verdict ({rows})" if rows else "no values in the current table"
    )
    assert drift(few, ours).drifted is False


def test_constant_columns_are_compared() -> None:
    assert one([0.1] * 100, [0.1] * 100).effect == 0.0
    found = one([0.1] * 100, [0.2] * 100)
    assert (found.drifted, found.reason) == (
        True,
        "constant in the reference; PSI 11, limit 0.25; out of range 1, limit 0.05",
    )
    assert found.effect == pytest.approx(2.0)
    assert one(["a"] * 100, ["a"] * 100).effect == 0.0


def test_a_column_without_values_is_told() -> None:
    found = one([1.0] * 50, pa.nulls(50, pa.float64()))
    assert (found.drifted, found.effect, found.nulls_current) == (True, None, 1.0)
    assert found.reason.startswith("no values in the current table; missing values differ by 1")
    found = one(pa.nulls(50), [1.0] * 50)
    assert (found.drifted, found.nulls_reference) == (True, 1.0)
    assert one(pa.nulls(50), pa.nulls(60)).drifted is False
    assert one(["a"] * 50, pa.nulls(50)).drifted is True


def test_columns_are_found_by_name_and_differences_are_told() -> None:
    ours = table()
    theirs = dict(reversed(table(seed=1).items()))
    theirs["extra"] = theirs.pop("city")
    report = drift(ours, theirs)
    assert (report.missing, report.additional, len(report.features)) == (("city",), ("extra",), 4)
    assert report.drifted is False


def test_a_column_of_another_type_is_read_as_that_of_the_reference() -> None:
    ours = table()
    theirs = table(seed=1)
    theirs["age"] = [f" {value:+.3f}" for value in theirs["age"]]
    theirs["age"][:20] = ["?"] * 20
    theirs["age"][20:30] = ["N/A"] * 10
    theirs["count"] = [str(value) for value in theirs["count"]]
    theirs["member"] = theirs["member"].astype(int)
    theirs["when"] = [str(value) for value in theirs["when"]]
    report = drift(ours, theirs)
    assert report.drifted is False, report.sentence
    (age,) = (each for each in report.features if each.name == "age")
    assert (age.reason, age.n_current) == ("20 values are no numbers", ROWS - 30)
    codes = ["1", "2"] * 50
    assert one(codes, [1, 2] * 50).effect == 0.0
    assert one(codes, [1.0, 2.0] * 50).effect == 0.0
    assert one([True, False] * 50, ["True", "False"] * 50).effect == 0.0
    assert one([1, 0] * 50, [True, False] * 50).effect == 0.0


def test_a_column_that_cannot_be_read_so_has_drifted() -> None:
    found = one(np.arange(100.0), ["many", "words"] * 50)
    assert (found.drifted, found.effect) == (True, None)
    assert found.reason == "double in the reference, now 100 texts that are no numbers"
    nested = one(["a"] * 50, [["a"]] * 50)
    assert (nested.drifted, nested.kind) == (True, FeatureKind.CATEGORY)
    assert "now list<" in nested.reason
    apart = compare(summary({"x": ["a"] * 50}), summary({"x": [1.5] * 50}))
    assert apart.features[0].reason == "string in the reference, now double"


def test_nested_columns_and_text_are_not_compared_and_said() -> None:
    ours = {
        "list": [[1]] * 300,
        "bytes": [b"1"] * 300,
        "text": [f"note {number}" for number in range(300)],
    }
    report = drift(ours, ours)
    reasons = {each.name: each.reason for each in report.features}
    assert report.drifted is False
    assert reasons["list"].startswith("list<")
    assert reasons["bytes"] == "binary, which is not compared"
    assert reasons["text"] == "text with 300 distinct values: not compared"
    assert all(each.effect is None for each in report.features)


def test_text_without_end_is_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(column_gathering, "MOST_LABELS", 50)
    found = summary({"x": [f"{number}{'y' * 500}" for number in range(90)]}).columns["x"]
    assert isinstance(found, OtherColumn)
    assert found.reason == "text with more than 50 distinct values: not compared"


TYPES = [
    (pa.array([dt.date(2024, 1, day) for day in range(1, 29)]), FeatureKind.NUMBER),
    (pa.array([dt.date(2024, 1, 1)] * 28, pa.date64()), FeatureKind.NUMBER),
    (pa.array(range(28), pa.time32("s")), FeatureKind.NUMBER),
    (pa.array(range(28), pa.time64("us")), FeatureKind.NUMBER),
    (pa.array(range(28), pa.duration("ms")), FeatureKind.NUMBER),
    (pa.array(range(28), pa.timestamp("ns", "Europe/Vienna")), FeatureKind.NUMBER),
    (pa.array(np.arange(28, dtype=np.float16)), FeatureKind.NUMBER),
    (pa.array(range(28)).cast(pa.decimal128(30, 3)), FeatureKind.NUMBER),
    (pa.array([2**64 - 1] * 28, pa.uint64()), FeatureKind.NUMBER),
    (pa.array(["a", "b"] * 14).dictionary_encode(), FeatureKind.CATEGORY),
    (pa.array([1, 2] * 14).dictionary_encode(), FeatureKind.NUMBER),
    (pa.array(["a", "b"] * 14, pa.large_string()), FeatureKind.CATEGORY),
]


@pytest.mark.parametrize(("values", "kind"), TYPES, ids=lambda each: str(getattr(each, "type", "")))
def test_all_flat_types_are_compared(values: pa.Array, kind: FeatureKind) -> None:
    found = one(values, values)
    dtype = str(getattr(values.type, "value_type", values.type))
    assert (found.kind, found.effect, found.dtype) == (kind, 0.0, dtype), found
    as_category = summary({"x": ["a"] * 28})
    compare(as_category, summary({"x": values}, as_category))


def test_times_are_seconds_whatever_their_unit() -> None:
    days = [dt.date(2024, 1, day) for day in range(1, 29)]
    moments = pa.array(days).cast(pa.timestamp("ns"))
    found = one(days, moments)
    assert found.effect == 0.0
    assert found.quantiles_current[0] == dt.datetime(2024, 1, 1, tzinfo=dt.UTC).timestamp()


def test_text_that_is_not_utf_8_is_read_all_the_same() -> None:
    odd = pa.array([b"caf\xe9", b"tea"] * 30).view(pa.string())
    found = one(odd, ["tea"] * 60)
    assert found.drifted
    assert summary({"x": odd}, is_typed=False).columns["x"].facts.nulls == 0


def test_a_summary_gives_the_same_report_when_it_is_read_back() -> None:
    columns = {**table(), "text": [f"note {number}" for number in range(ROWS)]}
    columns["age"][:5] = np.inf
    reference = summary(columns)
    current = summary(table(seed=1, shift=0.3), reference)
    again = Summary.from_bytes(reference.to_bytes())
    assert compare(again, current) == compare(reference, current)
    assert compare(again, Summary.from_bytes(current.to_bytes())) == compare(reference, current)
    weighted = summarise([pa.table({"x": np.arange(10.0)})], full=True)
    assert Summary.from_bytes(weighted.to_bytes()).rows == 10
    for damaged in (b"", b"PK\x03\x04", reference.to_bytes()[:-50]):
        with pytest.raises(InvalidInput):
            Summary.from_bytes(damaged)


def test_a_summary_can_be_cut_to_some_columns() -> None:
    reference = summary(table())
    assert list(reference.only(["city", "age"]).columns) == ["city", "age"]
    with pytest.raises(InvalidInput, match="no column 'nothing'; there are age"):
        reference.only(["nothing"])


def test_the_order_of_rows_and_batches_does_not_matter() -> None:
    whole = pa.table(table())
    reference = summarise([whole])
    parts = [whole[1500:], *whole[:1500].to_batches(max_chunksize=100)]
    assert compare(reference, summarise(parts, like=reference)).share == 0.0
    effects = [each.effect for each in compare(reference, summarise(parts)).features]
    assert effects == pytest.approx([0.0] * 5, abs=1e-12)


def test_batches_may_have_other_columns() -> None:
    found = summarise([pa.table({"a": [1.0, 2.0]}), pa.table({"b": ["x"], "a": ["3"]})])
    assert {name: each.facts.nulls for name, each in found.columns.items()} == {"a": 0, "b": 2}
    assert found.rows == 3
    twice = pa.table([pa.array([1.0]), pa.array(["x"])], names=["a", "a"])
    assert summarise([twice]).columns["a"].facts.rows == 1
    mixed = [pa.table({"a": [1.0]}), pa.table({"a": [[1.0]]})]
    assert isinstance(summarise(mixed).columns["a"], OtherColumn)


def test_a_report_says_how_noisy_and_how_unlikely_effects_are() -> None:
    (found,) = drift({"x": range(100)}, {"x": range(0, 200, 2)}).features
    assert found.noise == pytest.approx(0.28, abs=0.02)
    assert found.p is not None
    assert found.p_adjusted is not None
    assert found.p < found.p_adjusted < 1e-5
    assert replace(found, effect=0.5).severity == pytest.approx(5)
