"""The plan of a monitor: written to a tag, read from one, checked."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_tui.domain.drift.drift_limits import DriftLimits
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.monitoring.monitor import (
    ChunkSize,
    MonitorPlan,
    SourceKind,
    plan_of,
    size_of,
)

PLAN = MonitorPlan("m1", "iris@champion", "iris", "3", "@champion", chunk=ChunkSize(rows=100))


def test_a_plan_comes_back_from_its_tag() -> None:
    plan = replace(
        PLAN,
        source=SourceKind.FILES,
        path="/data/[red]",
        columns=("a", "b"),
        limits=DriftLimits(js=0.2, columns={"a": 0.5}),
        metric="f1",
        created_at=17,
    )
    assert plan_of(plan.as_json()) == plan
    plan.check()


@given(st.text() | st.from_regex(r'\{"chunk": \{.*\}\}', fullmatch=True))
def test_what_is_no_plan_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        plan_of(text)


@pytest.mark.parametrize(
    ("words", "size", "shown"),
    [
        ("1000", ChunkSize(rows=1_000), "1,000 rows"),
        ("50 rows", ChunkSize(rows=50), "50 rows"),
        ("15min", ChunkSize(seconds=900), "15 min"),
        ("1h", ChunkSize(seconds=3_600), "1 h"),
        ("2d", ChunkSize(seconds=172_800), "2 d"),
        ("90s", ChunkSize(seconds=90), "90 s"),
        ("file", ChunkSize(), "each file"),
    ],
)
def test_a_size_is_what_a_person_writes(words: str, size: ChunkSize, shown: str) -> None:
    assert size_of(words) == size
    assert str(size) == shown


@pytest.mark.parametrize("words", ["0", "-1", "1s", "1y", "999999999999d", "many", "1.5h"])
def test_a_size_that_makes_no_sense_is_refused(words: str) -> None:
    with pytest.raises(InvalidInput):
        size_of(words)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": ""}, "registered model"),
        ({"source": SourceKind.FILES}, "No folder"),
        ({"chunk": ChunkSize()}, "need a size"),
        ({"chunk": ChunkSize(1, 10)}, "not both"),
        ({"metric": "auc"}, "no metric 'auc'"),
        ({"columns": tuple(map(str, range(2_000)))}, "Name fewer columns"),
    ],
)
def test_a_plan_that_cannot_work_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        replace(PLAN, **changes).check()  # type: ignore[arg-type]


def test_a_plan_says_what_it_watches() -> None:
    assert PLAN.watched == "iris@champion"
    assert replace(PLAN, follows="").watched == "iris/3"
    assert replace(PLAN, metric="rmse").lower_is_better
