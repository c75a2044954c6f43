"""Finding one of very many: a filter for each list, names over the whole store."""

from pathlib import Path

import pytest

from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration, registry, registry_changes
from mlops_tui.tui.experiments.experiments_screen import ExperimentsScreen
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.models.models_screen import ModelsScreen
from mlops_tui.tui.run.run_screen import RunScreen
from tests.making import make_experiment, make_run
from tests.services.models.test_registry import ELSEWHERE
from tests.tui.story import Story, story

HOSTILE = "[red]deep[/red] \x1b]52;c;aGk=\x07 it's 100%"


def keys(person: Story, table: str) -> list[str]:
    return list(person.app.screen.query_one(table, Table).keys)


@pytest.fixture
def models(sqlite_store: Store) -> Store:
    """Register a model in Production, one with an alias, one with neither."""
    for name in ("iris", "wine", "digits"):
        registration.register(sqlite_store, name=name, model=ELSEWHERE, run_id="")
    versions = registry.list_versions(sqlite_store, "iris")
    plan = plan_transition(versions, "1", Stage.PRODUCTION, archive_existing=True)
    registry_changes.move(sqlite_store, plan)
    registry_changes.set_alias(sqlite_store, "wine", "champion", "1")
    return sqlite_store


async def test_the_filter_is_that_of_the_list_with_the_focus(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    other = make_experiment(sqlite_store, "Birds")
    make_run(sqlite_store, other, name="wren")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("wren", "Experiments (3)")
        await person.press("shift+tab", "slash")
        await person.type("flow")
        await person.sees("Experiments (1 of 3)", "3 loaded", "deep")
        await person.press("enter")
        assert person.app.screen.query_one("#experiments").has_focus
        await person.press("tab", "slash")
        await person.type("deep")
        await person.sees("1 of 3 loaded", "Experiments (1 of 3)")
        await person.press("enter", "escape")
        await person.sees("3 loaded", "Experiments (1 of 3)")
        await person.press("escape")
        await person.sees("Experiments (3)")
        assert person.app.screen.chosen == "1"  # type: ignore[attr-defined]
        await person.press("shift+tab", "slash")
        await person.type("zebra")
        await person.sees("Nothing matches the", "3 loaded")
        await person.press("escape")
        await person.sees("Experiments (3)", "3 loaded")


async def test_models_are_filtered_by_the_stages_and_aliases_of_all_versions(
    models: Store, state_dir: Path
) -> None:
    async with story(models, state_dir) as person:
        await person.press("3", "shift+tab")
        await person.sees("Models (3)", "v1")
        await person.press("slash")
        await person.type("stage")
        await person.press("colon")
        await person.type("prod")
        await person.sees("Models (1/3)", "Production")
        assert keys(person, "#models") == ["iris"]
        await person.type(" | alias")
        await person.press("colon")
        await person.sees("Models (2/3)")
        await person.press("enter", "down")
        await person.sees("@champion")
        assert keys(person, "#models") == ["iris", "wine"]


async def test_the_palette_offers_a_name_typed_in_full_before_keys_with_its_letters(
    models: Store, state_dir: Path
) -> None:
    experiment = make_experiment(models, "Flowers")
    run_id = make_run(models, experiment, name="Sevn")
    async with story(models, state_dir, size=(120, 36)) as person:
        await person.press("3")
        await person.sees("wine")
        await person.press("ctrl+p")
        await person.type("sevn")
        await person.sees("Serve the version on this machine", "run        Sevn")
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, RunScreen), "the run")
        assert person.app.screen.page.run_id == run_id  # type: ignore[attr-defined]


async def test_the_palette_finds_a_name_of_the_whole_store(models: Store, state_dir: Path) -> None:
    experiment = make_experiment(models, HOSTILE)
    run_id = make_run(models, experiment, name="wren of spring")
    make_experiment(models, "Newest")
    async with story(models, state_dir, size=(120, 36)) as person:
        await person.press("3", "ctrl+p")
        await person.type("spring wr")
        await person.sees("run        wren of spring  in [red]deep[/red]")
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, RunScreen), "the run")
        assert person.app.screen.page.run_id == run_id  # type: ignore[attr-defined]
        await person.press("3", "ctrl+p")
        await person.type("it's 100")
        await person.press("percent_sign")
        await person.sees("experiment [red]deep[/red]")
        await person.press("enter")
        await person.until(
            lambda: isinstance(person.app.screen, ExperimentsScreen), "the experiments"
        )
        await person.sees("wren of spring", "1 loaded")
        await person.press("ctrl+p")
        await person.type("win v1")
        await person.sees("version    wine v1  @champion")
        await person.press("down", "enter")
        await person.until(lambda: isinstance(person.app.screen, ModelsScreen), "the models")
        assert person.app.screen.chosen == "wine"  # type: ignore[attr-defined]
