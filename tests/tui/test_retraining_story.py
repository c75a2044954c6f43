"""Retraining, by key presses."""

from pathlib import Path

import pytest

from mlops_tui.domain.retraining.attempt import Step
from mlops_tui.domain.retraining.retraining_rule import Paused
from mlops_tui.domain.store import Store
from mlops_tui.services.retraining.retraining_rules import read_rule
from tests.services.retraining.conftest import MODEL, Watched, watched_model
from tests.tui.story import Story, story


@pytest.fixture
def watched(sqlite_store: Store, tmp_path: Path) -> Watched:
    return watched_model(sqlite_store, tmp_path)


async def open_dialog(person: Story) -> None:
    await person.press("3")
    await person.sees(f"models:/{MODEL}/1")
    await person.press("R")
    await person.sees(f"Retraining of {MODEL}")


async def test_a_rule_is_proposed_and_its_dry_run_is_seen_before_it_is_on(
    watched: Watched,
) -> None:
    job = watched.job_that_ran()
    watched.register(job=job.process_id)
    watched.drift(False, True, True)
    async with story(watched.store, watched.state_dir, (80, 24)) as person:
        await open_dialog(person)
        await person.sees("There is no rule yet", "No attempts yet.")
        await person.press("n")
        await person.sees("There is no rule yet: e makes one.")
        await person.press("a")
        await person.sees("No attempt waits for you.")
        await person.press("e")
        await person.sees("Retraining rule of flowers", "flowers/Production", "drift_share")
        await person.press("enter")
        await person.sees("Switch the rule on?", "It would have fired once over 3 recorded chunks")
        assert paused(watched) is None
        await person.press("enter")
        await person.sees("drift_share = 0.3", "A person is asked before: staging, production.")
        assert paused(watched) is Paused.NO
        await person.press("d")
        await person.sees("Dry run", "It would have fired once")
        await person.press("escape")
        await person.sees("drift_share = 0.3")
        await _pauses(person, watched)


async def _pauses(person: Story, watched: Watched) -> None:
    """Pause and resume all rules, then the one; then delete it."""
    await person.press("P")
    await person.sees("⏸ paused", "The rule is paused.")
    assert paused(watched) is Paused.WITH_ALL
    await person.press("P")
    await person.sees_no("⏸ paused")
    await person.sees("drift_share = 0.3", "A person is asked")
    assert paused(watched) is Paused.NO
    await person.press("p")
    await person.sees("⏸ paused")
    assert paused(watched) is Paused.ALONE
    await person.press("D")
    await person.sees("Delete the rule?")
    await person.press("enter")
    await person.sees("There is no rule yet")


def paused(watched: Watched) -> Paused | None:
    """Return whether the rule is paused, None without one."""
    stored = read_rule(watched.store, MODEL)
    return stored.rule.paused if stored and stored.rule else None


async def test_an_attempt_waits_for_a_person_who_stops_it(watched: Watched) -> None:
    watched.register()
    watched.drift(True)
    watched.set_rule(watched.job_that_ran().process_id)
    watched.look()
    async with story(watched.store, watched.state_dir) as person:
        await open_dialog(person)
        await person.sees("Its last attempt waits for a person to approve or decline it.")
        await person.sees("It waits for you: a begins the step")
        await person.press("n")
        await person.sees("An attempt is underway already: x stops it.")
        await person.press("o")
        await person.sees("It has no job yet.")
        await person.press("x")
        await person.sees("Stop retraining flowers")
        await person.type("later")
        await person.press("enter")
        await person.sees("declined by", ": later")
    assert [each.step for each in watched.attempts()] == [Step.STOPPED]


async def test_the_rule_is_opened_and_all_rules_are_paused_beside_the_monitor(
    watched: Watched,
) -> None:
    watched.register()
    watched.set_rule(watched.job_that_ran().process_id)
    async with story(watched.store, watched.state_dir) as person:
        await person.press("5")
        await person.sees("flowers/Production", "No chunk yet")
        await person.press("P")
        await person.sees(f"Rules paused: {MODEL}.")
        assert paused(watched) is Paused.WITH_ALL
        await person.press("R")
        await person.sees(f"Retraining of {MODEL}", "⏸ paused")
        await person.press("escape")
        await person.sees_no(f"Retraining of {MODEL}")
        await person.press("P")
        await person.sees(f"Rules resumed: {MODEL}.")
        assert paused(watched) is Paused.NO


async def test_in_read_only_mode_retraining_can_only_be_looked_at(watched: Watched) -> None:
    watched.register()
    watched.drift(True)
    watched.set_rule(watched.job_that_ran().process_id)
    async with story(watched.store, watched.state_dir, read_only=True) as person:
        await open_dialog(person)
        await person.sees("It fires at the next look of the monitor: More than 20%")
        await person.press("n")
        await person.sees("Read-only mode changes nothing.")
