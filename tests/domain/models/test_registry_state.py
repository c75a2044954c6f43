"""What a model was like, in few characters."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.models.registry_state import (
    LONGEST_STATE,
    MOST_SEEN,
    ModelState,
    changes_between,
    digest,
    is_done,
    state_from,
    state_of,
)
from mlops_tui.domain.models.stage import Stage

STAGES = st.sampled_from([stage.value for stage in Stage])


@settings(max_examples=200, deadline=None)
@given(
    st.text(),
    st.dictionaries(st.integers(1, 3_000), STAGES, max_size=60),
    st.dictionaries(st.text(max_size=20), st.integers(1, 99).map(str), max_size=8),
)
def test_a_state_that_is_short_is_kept_whole(
    name: str, stages: dict[int, str], aliases: dict[str, str]
) -> None:
    state = ModelState(name, dict(sorted(stages.items())), aliases, {0: "12345678"})
    assert state_from(state.as_text(100_000)) == state


@settings(max_examples=100, deadline=None)
@given(st.integers(300, 900), st.integers())
def test_no_state_is_too_long_for_a_tag(count: int, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - hundreds of entries are drawn slowly one by one
    numbers = sorted(chance.sample(range(1, 9_000), count))
    stages = {number: chance.choice([stage.value for stage in Stage]) for number in numbers}
    texts = {number: digest(f"{seed}{number}") for number in stages}
    text = ModelState("iris", stages, {"champion": "1"}, texts).as_text()
    assert len(text) <= LONGEST_STATE
    kept = state_from(text)
    assert kept
    assert kept.stages == {n: stage for n, stage in stages.items() if n >= kept.oldest}
    assert kept.aliases == {"champion": "1"}


def test_a_thousand_versions_archived_in_turn_are_kept_in_few_characters() -> None:
    state = ModelState("iris", {**dict.fromkeys(range(1, 1_000), "Archived"), 1_000: "Production"})
    text = state.as_text()
    assert state_from(text) == state
    assert '"1-999"' in text


def test_too_many_aliases_are_left_out_rather_than_told_as_removed() -> None:
    full = ModelState("iris", {1: "None"}, {f"alias-{n}": "1" for n in range(2_000)})
    kept = state_from(full.as_text())
    assert kept
    assert kept.aliases is None
    assert changes_between(kept, full, {}) == ()


def test_a_text_of_somebody_else_is_no_state() -> None:
    for text in ("", "x", "[]", "{}", '{"name": 1, "stages": [], "aliases": {}, "described": {}}'):
        assert state_from(text) is None


def version(number: int, stage: Stage = Stage.NONE, description: str = "") -> ModelVersion:
    return ModelVersion("iris", str(number), stage, description=description)


def told(before: ModelState, now: ModelState, **texts: str) -> list[str]:
    return [one.describe() for one in changes_between(before, now, {1: texts.get("v1", "")})]


def test_each_difference_is_told_once() -> None:
    before = state_of(
        RegisteredModel("iris", "old", aliases={"champion": "1", "gone": "1"}),
        [version(1, Stage.PRODUCTION), version(2)],
    )
    now = state_of(
        RegisteredModel("lily", "old", aliases={"champion": "3"}),
        [version(1, Stage.ARCHIVED, "new words"), version(3, Stage.PRODUCTION)],
    )
    assert told(before, now, v1="new words") == [
        "renamed: iris → lily",
        "v1: Production → Archived",
        "v2 deleted",
        "v3 registered",
        "v3: None → Production",
        "@champion: v1 → v3",
        "@gone: v1 → nothing",
        "description of v1: new words",
    ]
    assert told(now, now) == []


def test_versions_that_one_of_the_states_leaves_out_are_not_told() -> None:
    before = ModelState("iris", {5: "None"}, oldest=5)
    now = ModelState("iris", {1: "Archived", 5: "None"}, described={1: "12345678"})
    assert told(before, now) == []


def test_of_very_many_differences_the_number_is_told() -> None:
    before = ModelState("iris", dict.fromkeys(range(1, 101), "None"))
    now = ModelState("iris", dict.fromkeys(range(1, 101), "Archived"))
    found = changes_between(before, now, {})
    assert len(found) == MOST_SEEN
    assert "80 more changes seen at the same time" in found[-1].describe()
    assert found[-1].kind is EventKind.STAGE


@pytest.mark.parametrize(
    "changed",
    [{"oldest": float("inf")}, {"aliases": {"champion": "x"}}, {"stages": {"None": "1-x"}}],
)
def test_a_state_that_makes_no_sense_is_none(changed: dict[str, object]) -> None:
    good = json.loads(ModelState("iris", {1: "None"}).as_text())
    assert state_from(json.dumps(good)) == ModelState("iris", {1: "None"})
    assert state_from(json.dumps(good | changed)) is None
    assert state_from("[" * 100_000) is None


def test_a_state_of_more_versions_than_there_can_be_is_read_in_part() -> None:
    good = json.loads(ModelState("iris", {1: "None"}).as_text())
    found = state_from(json.dumps(good | {"stages": {"None": "1-999999999999"}}))
    assert found
    assert len(found.stages) == 100_000


@pytest.mark.parametrize(
    ("also", "done"),
    [
        ("", True),
        ("v1: Production → Archived; @previous → v1", True),
        ("v1: Production → Archived; @previous → v2", False),
        ("v3: Production → Archived", False),
        ("@champion removed", True),
        ("v1: Production → Archived; v3: Prod… (20 more characters)", None),
    ],
)
def test_a_move_is_done_when_all_that_moves_along_is_done(also: str, done: bool | None) -> None:
    now = ModelState("iris", {1: "Archived", 2: "Production", 3: "Production"}, {"previous": "1"})
    event = RegistryEvent("iris", EventKind.STAGE, "2", after="Production", also=also)
    assert is_done(event, now) is done
