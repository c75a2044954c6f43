"""The Loop screen, by key presses."""

from pathlib import Path

import pytest

from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.demo.story_launch import TITLE
from mlops_tui.services.gate import gate_rules
from mlops_tui.services.models import registration
from mlops_tui.services.processes.child_environment import absolute
from mlops_tui.services.store.store import client
from tests.making import give_dataset, make_experiment, make_run
from tests.services.loop.test_loop_reading import make_job
from tests.services.models.test_registry import ELSEWHERE, move, plan
from tests.services.retraining.conftest import watched_model
from tests.tui.story import Story, story

RULES = '[[rule]]\nmetric = "accuracy"\nmin = 0.9'
HOSTILE = "[red]wine\x1b[31m"


@pytest.fixture
def models(sqlite_store: Store) -> Store:
    """Make iris v1 in Production with a v2 to be checked, and a wine that waits for a stage."""
    flowers = make_experiment(sqlite_store, "Flowers")
    for name in ("first", "second"):
        run_id = make_run(sqlite_store, flowers, name=name, metrics={"accuracy": 0.95})
        give_dataset(sqlite_store, run_id, "flowers", "0123456789abcdef")
        registration.register(sqlite_store, name="iris", model=ELSEWHERE, run_id=run_id)
    move(sqlite_store, plan(sqlite_store, "iris", "1", Stage.PRODUCTION))
    registration.register(sqlite_store, name="wine", model=ELSEWHERE, run_id="")
    return sqlite_store


def lines(person: Story) -> list[str]:
    """Return the first word of each row of the table."""
    rows = person.screen.splitlines()[2:]
    return [row[1:].split()[0] for row in rows if row[1:].split() and "─" not in row][:2]


async def test_models_that_need_somebody_come_first_with_the_key_that_does_it(
    models: Store, state_dir: Path
) -> None:
    gate_rules.write_rules(models, "iris", Stage.PRODUCTION, RULES, "")
    make_job(state_dir, absolute(models).label, ProcessState.FAILED, experiment="Flowers")
    async with story(models, state_dir, (80, 24)) as person:
        await person.press("0")
        await person.sees("Models (2)", "What needs you (1 now)", "! o training forest failed +2")
        await person.sees("> m none in production, newest", "v1 ○")
        assert lines(person) == ["iris", "wine"]
        await person.sees("flowers · 0123456789abcdef", "v2 for Production · gate ○ missing")
        await person.press("enter")
        await person.sees("forest: python")
        await person.press("escape")
        await person.sees("What needs you")
        await person.press("V")
        await person.sees("Gate of iris v2", "v2 has not been checked")
        await person.press("escape")
        await person.press("v")
        await person.sees("second")
        await person.press("escape")
        await person.press("down", "enter")
        await person.sees("models:/wine/1")


async def test_a_wide_screen_has_data_and_run_in_the_line(models: Store, state_dir: Path) -> None:
    async with story(models, state_dir, (200, 50)) as person:
        await person.press("0")
        await person.sees("flowers@01234567", " second", "What needs you", "✓ nothing")
        await person.press("s")
        await person.sees("wine is not served from here")
        await person.press("o")
        await person.sees("No training of wine was launched here")


async def test_what_others_change_is_seen_without_a_key(models: Store, state_dir: Path) -> None:
    async with story(models, state_dir) as person:
        await person.press("0")
        await person.sees("newest is v1", "✓ nothing")
        gate_rules.write_rules(models, "iris", Stage.PRODUCTION, RULES, "")
        await person.sees("! V production v1 is unchecked")


async def test_models_are_filtered_and_hostile_names_are_text(
    models: Store, state_dir: Path
) -> None:
    client(models).create_registered_model(HOSTILE)
    async with story(models, state_dir) as person:
        await person.press("0")
        await person.sees("[red]wine", "Models (3)")
        await person.press("slash")
        await person.type("newest is")
        await person.press("enter")
        await person.sees_no("[red]wine")
        await person.press("escape")
        await person.sees("[red]wine", "iris")


async def test_without_models_it_says_how_there_come_to_be_some(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir, (80, 24)) as person:
        await person.press("0")
        await person.sees("No registered models yet.", "R registers the model of a run")
        await person.press("enter", "v")
        await person.sees("There is no model under the cursor")


async def test_a_retraining_that_waits_is_allowed_from_its_line(
    sqlite_store: Store, state_dir: Path, tmp_path: Path
) -> None:
    watched = watched_model(sqlite_store, tmp_path)
    watched.register()
    watched.drift(True)
    watched.set_rule(watched.job_that_ran().process_id)
    watched.look()
    async with story(sqlite_store, state_dir, (80, 24)) as person:
        await person.press("0")
        await person.sees("! a allow training", "◌ train", "1/2")
        await person.press("a")
        await person.sees("flowers: Train it again?", "Reason: More than 20%")
        await person.press("escape")
        await person.press("R")
        await person.sees("Retraining of flowers")
        await person.press("escape")
        await person.press("d")
        await person.sees("flowers/Producti", "1 of 2 columns drifted")


@pytest.mark.parametrize(("title", "offers_story"), [("forest", True), (TITLE, False)])
async def test_without_models_it_says_what_runs(
    sqlite_store: Store, state_dir: Path, title: str, offers_story: bool
) -> None:
    make_job(state_dir, absolute(sqlite_store).label, ProcessState.RUNNING, title=title)
    demo = {"tracking_uri": "demo"}
    async with story(sqlite_store, state_dir, (80, 24), sources=demo) as person:
        await person.press("0")
        await person.sees("No registered models yet", f"Running or waiting: {title}. 2 shows")
        assert ("S tells the story" in person.screen) is offers_story
