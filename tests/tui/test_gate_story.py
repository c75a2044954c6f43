"""The gate of a stage, by key presses."""

from pathlib import Path

import pytest

from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.gate import gate_rules
from mlops_tui.services.models import history, registration, registry
from tests.making import make_run
from tests.services.models.test_registry import ELSEWHERE
from tests.tui.story import story

NAME = "[red]iris"
RULES = '[[rule]]\nmetric = "accuracy"\nmin = 0.9\n\n[[rule]]\ntag = "owner"'


@pytest.fixture
def version(sqlite_store: Store) -> Store:
    """Register a version whose run logged an accuracy."""
    run_id = make_run(sqlite_store, metrics={"accuracy": 0.95})
    registration.register(sqlite_store, name=NAME, model=ELSEWHERE, run_id=run_id)
    return sqlite_store


def rules_of(store: Store) -> str:
    return gate_rules.read_rules(store, NAME).get(Stage.PRODUCTION, "")


async def test_rules_are_made_in_a_form_then_the_version_is_checked(
    version: Store, state_dir: Path
) -> None:
    async with story(version, state_dir, (80, 24)) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/1")
        await person.press("V")
        await person.sees("Gate of [red]iris v1", "Production has no gate", "No rules yet")
        await person.press("r")
        await person.sees("There are no rules yet")
        await person.press("n")
        await person.sees("What to ask for", "metric: a metric that the training run logged")
        await person.type("metric: a metric")
        await person.press("enter")
        await person.sees("Rule of the gate for Production")
        await person.type("accur")
        await person.sees("accuracy")  # the run logged it: it is offered
        await person.press("right", "enter")
        await person.sees("give min or max")
        await person.press("tab")
        await person.type("0.9")
        await person.press("enter")
        await person.sees("accuracy as logged", "v1 has not been checked")
        assert rules_of(version) == '[[rule]]\nmetric = "accuracy"\nmin = 0.9'
        await person.press("r")
        await person.sees("Running.")
        await person.sees("v1 passed", "0.95")
    assert registry.list_versions(version, NAME)[0].tags["validation_status"] == "passed"


async def test_a_rule_is_deleted_and_comes_back_by_undo(version: Store, state_dir: Path) -> None:
    one = RULES.partition("\n\n")[0]
    gate_rules.write_rules(version, NAME, Stage.PRODUCTION, one, "")
    async with story(version, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/1")
        await person.press("V")
        await person.sees("accuracy as logged", "v1 has not been checked")
        await person.press("d")
        await person.sees("Delete the rule?")
        await person.press("enter")
        await person.sees("Production has no gate")
        await person.press("escape")
        await person.undo()
        await person.until(lambda: rules_of(version) == one, "the rule is back")


async def test_rules_go_to_a_file_and_come_from_one(
    version: Store, state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gate_rules.write_rules(version, NAME, Stage.STAGING, RULES, "")
    async with story(version, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/1")
        await person.press("V")
        await person.sees("Production has no gate")
        await person.press("s")
        await person.sees("accuracy as logged", "tag owner", "≥ 0.9", "present")
        await person.press("w")
        await person.sees("Write the rules to a file")
        await person.press("enter")
        await person.until((tmp_path / "gate.toml").exists, "the file")
        await person.sees("accuracy as logged")
        await person.press("p")
        await person.sees("Production has no gate")
        await person.press("i")
        await person.sees("Take the rules of a file")
        await person.press("enter")
        await person.until(lambda: rules_of(version) == RULES, "the rules of the file")


async def test_in_read_only_mode_a_gate_can_only_be_looked_at(
    version: Store, state_dir: Path
) -> None:
    gate_rules.write_rules(version, NAME, Stage.PRODUCTION, RULES, "")
    async with story(version, state_dir, read_only=True) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/1")
        await person.press("V")
        await person.sees("accuracy as logged")
        for key in ("n", "r", "d", "i", "x"):
            await person.press(key)
        await person.press("enter")
        await person.sees("Read-only mode changes nothing")
        await person.press("escape")
        await person.sees_no("Gate of")
    assert rules_of(version) == RULES


async def test_the_dialog_of_a_move_checks_the_version_then_moves_it(
    version: Store, state_dir: Path
) -> None:
    gate_rules.write_rules(version, NAME, Stage.PRODUCTION, RULES.partition("\n\n")[0], "")
    async with story(version, state_dir, (80, 24)) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/1")
        await person.press("t")
        await person.sees("Move [red]iris v1")
        await person.press("p")
        await person.sees("Gate: v1 has not been checked", "accuracy as logged")
        await person.press("enter")
        await person.sees("The gate keeps it out: v checks it")
        await person.press("v")
        await person.until(lambda: stage_of(version) is Stage.PRODUCTION, "v1 moved")
        await person.sees("Production")
        await person.press("t")
        await person.sees("Move [red]iris v1")
        await person.press("p")
        await person.sees("Gate: v1 passed")


async def test_a_gate_is_overridden_with_a_reason(version: Store, state_dir: Path) -> None:
    gate_rules.write_rules(version, NAME, Stage.PRODUCTION, RULES, "")
    async with story(version, state_dir, (80, 24)) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/1")
        await person.press("t")
        await person.sees("Move [red]iris v1")
        await person.press("p")
        await person.sees("Gate: v1 has not been checked")
        await person.press("o")
        await person.sees("Override the gate")
        await person.press("enter")
        await person.sees("Give a reason")
        await person.type("urgent")
        await person.press("enter")
        await person.until(lambda: event_of(version).overridden, "the move in the history")
    assert event_of(version).reason == "urgent"
    assert stage_of(version) is Stage.PRODUCTION


def event_of(store: Store) -> RegistryEvent:
    """Return the newest move in the history."""
    moves = (e for e in history.events(store, NAME) if e.kind is EventKind.STAGE)
    return next(moves, RegistryEvent(NAME, EventKind.STAGE))


def stage_of(store: Store) -> Stage:
    return registry.list_versions(store, NAME)[0].stage
