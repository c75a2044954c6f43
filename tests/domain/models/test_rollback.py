"""What was in a stage before."""

import pytest

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.models.rollback import Held, Rollback, held_before, rollback_of
from mlops_tui.domain.models.stage import Stage

EVENT = RegistryEvent("iris", EventKind.STAGE)


def held(*history: str) -> list[Held]:
    """Return a history: ``"12"`` are versions 1 and 2 together, ``"<1"`` a rollback to 1."""
    return [Held(tuple(each.strip("<")), EVENT, each.startswith("<")) for each in history]


@pytest.mark.parametrize(
    ("history", "now", "before"),
    [
        (["1", "2"], "2", ["1"]),
        (["1", "1", "2", "2"], "2", ["1"]),
        (["1", "", "2"], "2", ["1"]),
        (["1", ""], "", ["1"]),
        (["1", "2", "3", "<2"], "2", ["1"]),
        (["1", "2", "3", "<2", "<1"], "1", []),
        (["1", "2", "1"], "1", []),
        (["1", "2", "3", "1"], "1", ["3", "2"]),
        (["1", "2"], "3", ["2", "1"]),
        (["1", "2", "3", "<1"], "1", []),
        (["1", "2", "<1", "3"], "3", ["1"]),
        (["1", "12", "3"], "3", ["12", "1"]),
        ([], "", []),
        (["<1"], "1", []),
    ],
)
def test_what_a_rollback_took_away_does_not_come_back(
    history: list[str], now: str, before: list[str]
) -> None:
    found = held_before(held(*history), tuple(now))
    assert ["".join(one.holders) for one in found][: len(before)] == before
    assert before or found == []


def version(number: int, stage: Stage, *aliases: str) -> ModelVersion:
    return ModelVersion("iris", str(number), stage, aliases)


def rollback(versions: list[ModelVersion], *history: str, subject: str = "Production") -> Rollback:
    found = rollback_of(versions, "iris", subject, held(*history))
    assert found
    return found


def test_what_was_there_comes_back_and_what_is_there_is_archived() -> None:
    versions = [version(2, Stage.PRODUCTION), version(1, Stage.ARCHIVED, "previous")]
    assert rollback(versions, "1", "2").describe() == (
        "v1 → Production; v2: Production → Archived; @previous → v2"
    )


def test_of_two_versions_that_were_there_both_come_back() -> None:
    versions = [version(3, Stage.PRODUCTION), version(2, Stage.NONE), version(1, Stage.STAGING)]
    assert rollback(versions, "12", "3").describe() == (
        "v2 → Production; v1: Staging → Production; v3: Production → Archived; @previous → v3"
    )


def test_what_came_beside_what_was_there_leaves() -> None:
    versions = [version(2, Stage.PRODUCTION), version(1, Stage.PRODUCTION)]
    assert rollback(versions, "1", "12").describe() == "v2 → Archived"


def test_what_was_deleted_since_is_passed_over_and_named() -> None:
    versions = [version(3, Stage.PRODUCTION), version(1, Stage.ARCHIVED)]
    found = rollback(versions, "1", "2", "3")
    assert (found.before, found.gone) == (("1",), ("2",))


def test_an_alias_goes_back_to_where_it_pointed() -> None:
    versions = [version(2, Stage.NONE, "champion"), version(1, Stage.NONE)]
    found = rollback(versions, "1", "2", subject="@champion")
    assert found.describe() == "@champion → v1"
    assert found.alias
    assert found.alias.before == "2"


def test_without_a_history_the_alias_previous_says_what_was_there() -> None:
    versions = [version(2, Stage.PRODUCTION), version(1, Stage.ARCHIVED, "previous")]
    assert rollback(versions).before == ("1",)
    assert rollback_of(versions, "iris", "Production", held("2")) is None
    assert rollback_of(versions, "iris", "Staging", []) is None


def test_what_somebody_took_away_elsewhere_does_not_come_back() -> None:
    """Version 2 was bad: a colleague put version 1 back in MLflow's own page, without an event."""
    versions = [version(2, Stage.ARCHIVED), version(1, Stage.PRODUCTION)]
    assert rollback_of(versions, "iris", "Production", held("1", "2")) is None
    versions = [version(3, Stage.ARCHIVED), version(2, Stage.PRODUCTION), version(1, Stage.NONE)]
    assert rollback(versions, "1", "2", "3").before == ("1",)
