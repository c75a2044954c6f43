"""From a run to Production, back again."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.models.model_metric import ModelMetric
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration, registry, registry_changes
from mlops_tui.services.store.store import client
from mlops_tui.tui.kit.table import Table
from mlops_tui.tui.models import models_screen, version_details
from mlops_tui.tui.models.models_pane import ModelsPane
from mlops_tui.tui.models.models_screen import ModelsScreen
from tests.making import unique
from tests.tui.story import Story, story

NAME = "IrisClassifierRF"


@pytest.fixture
def two_versions(sqlite_store: Store, modelled_run: str) -> Store:
    """Register the run's model twice."""
    from mlops_tui.services.runs.runs import get_run

    (model,) = get_run(sqlite_store, modelled_run).models
    assert isinstance(model, LoggedModel)
    for _ in range(2):
        registration.register(sqlite_store, name=NAME, model=model, run_id=modelled_run)
    return sqlite_store


def stages(store: Store) -> dict[str, Stage]:
    return {v.version: v.stage for v in registry.list_versions(store, NAME)}


async def shows(person: Story, **expected: Stage) -> None:
    """Wait until the list shows these stages as the server's (``v1=Stage.STAGING``)."""

    def there() -> bool:
        screen = person.app.screen
        if not isinstance(screen, ModelsScreen):
            return False  # the dialog looks at the store once more
        now = {f"v{one.version}": one.stage for one in screen.versions.versions.all()}
        return now == expected

    await person.until(there, expected)


async def move(person: Story, *keys: str) -> None:
    """Press t, then the keys of the dialog."""
    await person.press("t")
    await person.sees("Move IrisClassifierRF")
    await person.press(*keys)


async def test_a_run_is_registered_under_a_new_name(
    sqlite_store: Store, state_dir: Path, modelled_run: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("with model")
        await person.press("R")
        await person.sees("Register a model of with model", "No registered models yet")
        await person.press("down")
        await person.type("about")
        await person.press("shift+tab", "shift+tab")
        await person.type(NAME)
        await person.press("enter")
        await person.sees(f"Created {NAME} v1. Go there?")
        await person.press("enter")
        await person.sees(f"models:/{NAME}/1")
    (version,) = registry.list_versions(sqlite_store, NAME)
    assert (version.run_id, version.description) == (modelled_run, "about")


async def test_a_run_without_a_model_says_so(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.sees("deep")
        await person.press("R")
        await person.sees("has logged no model to register")


async def test_the_dialog_names_what_will_change(two_versions: Store, state_dir: Path) -> None:
    async with story(two_versions, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/2")
        await person.press("down")
        await move(person, "p", "enter")
        await shows(person, v1=Stage.PRODUCTION, v2=Stage.NONE)
        await person.press("up")
        await move(person, "p")
        await person.sees("v2 → Production; v1: Production → Archived")
        await person.press("enter")
        await person.until(
            lambda: stages(two_versions) == {"2": Stage.PRODUCTION, "1": Stage.ARCHIVED}, "moved"
        )


async def test_undo_brings_the_archived_version_back(two_versions: Store, state_dir: Path) -> None:
    async with story(two_versions, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/2")
        await move(person, "p", "enter")
        await shows(person, v1=Stage.NONE, v2=Stage.PRODUCTION)
        await person.press("down")
        await move(person, "p", "enter")
        await shows(person, v1=Stage.PRODUCTION, v2=Stage.ARCHIVED)
        # The list may know of the move before it is recorded, and its answer is there.
        await person.until(lambda: len(person.app.undo_stack) == 2, "the move to be undone")
        await person.press("u")
        await person.sees("Undo the last change?", "v1 → None; v2: Archived → Production")
        await person.sees("@previous removed")
        await person.press("enter")
        await person.until(
            lambda: stages(two_versions) == {"1": Stage.NONE, "2": Stage.PRODUCTION}, "undone"
        )


async def test_the_archiving_can_be_left_out(two_versions: Store, state_dir: Path) -> None:
    async with story(two_versions, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/2")
        await move(person, "s", "enter")
        await shows(person, v1=Stage.NONE, v2=Stage.STAGING)
        await person.press("down")
        await move(person, "s", "space", "enter")
        await person.until(
            lambda: stages(two_versions) == {"1": Stage.STAGING, "2": Stage.STAGING}, "both"
        )


async def test_a_version_moved_by_somebody_else_is_noticed_first(
    two_versions: Store, state_dir: Path
) -> None:
    async with story(two_versions, state_dir, refresh_interval=600.0) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/2")
        await move(person, "p")
        versions = registry.list_versions(two_versions, NAME)
        plan = plan_transition(versions, "1", Stage.PRODUCTION, archive_existing=False)
        registry_changes.move(two_versions, plan)
        await person.press("enter")
        await person.sees("Stages changed meanwhile: v1 is in Production now")
        assert stages(two_versions)["2"] is Stage.NONE
        await person.sees("v1: Production → Archived")
        await person.press("enter")
        await person.until(
            lambda: stages(two_versions) == {"2": Stage.PRODUCTION, "1": Stage.ARCHIVED}, "moved"
        )


async def test_an_alias_is_set_then_removed(two_versions: Store, state_dir: Path) -> None:
    async with story(two_versions, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/2")
        await person.press("a")
        await person.sees("Set an alias on")
        await person.type("champion")
        await person.press("enter")
        await person.sees("@champion")
        assert registry.list_versions(two_versions, NAME)[0].aliases == ("champion",)
        await person.sees("@champion → v2", "aliases @champion")
        await person.press("A")
        await person.sees("Remove an alias of")
        await person.press("ctrl+y")
        await person.until(
            lambda: "delete_registered_model_alias" in person.app.clipboard, "Python"
        )
        await person.press("enter")
        await person.until(
            lambda: registry.list_versions(two_versions, NAME)[0].aliases == (), "alias gone"
        )


async def test_the_description_is_edited(two_versions: Store, state_dir: Path) -> None:
    async with story(two_versions, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/2")
        await person.press("e")
        await person.sees("Description of IrisClassifierRF v2")
        await person.type("fine")
        await person.press("ctrl+s")
        await person.until(
            lambda: registry.list_versions(two_versions, NAME)[0].description == "fine", "kept"
        )


async def test_tags_are_edited_one_a_line(two_versions: Store, state_dir: Path) -> None:
    async with story(two_versions, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/2")
        await person.press("T")
        await person.sees("Tags of IrisClassifierRF v2")
        await person.type("checked=yes")
        await person.press("enter")
        await person.until(
            lambda: registry.list_versions(two_versions, NAME)[0].tags == {"checked": "yes"},
            "tags kept",
        )


async def test_versions_are_filtered_by_stage(two_versions: Store, state_dir: Path) -> None:
    versions = registry.list_versions(two_versions, NAME)
    plan = plan_transition(versions, "1", Stage.STAGING, archive_existing=False)
    registry_changes.move(two_versions, plan)
    async with story(two_versions, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/2")
        await person.press("slash")
        await person.type("stage")
        await person.press("colon")
        await person.type("staging")
        rows = person.app.screen.query_one("#versions", Table)
        await person.until(lambda: rows.keys == ["1"], "the version in Staging alone")


async def test_read_only_mode_takes_the_write_keys_away(
    two_versions: Store, state_dir: Path
) -> None:
    async with story(two_versions, state_dir, read_only=True) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/2", "READ-ONLY")
        active = {
            binding.binding.action
            for binding in person.app.screen.active_bindings.values()
            if binding.enabled
        }
        assert not active & {"transition", "set_alias", "edit", "use", "undo"}
        await person.press("t")
        await person.press("question_mark")
        await person.sees("Models")
        assert "Move the version" not in person.screen


async def test_a_held_key_ends_on_the_versions_of_the_model_under_the_cursor(
    sqlite_store: Store, state_dir: Path
) -> None:
    mlflow = client(sqlite_store)
    for number in range(8):
        mlflow.create_registered_model(f"m{number}")
        mlflow.create_model_version(f"m{number}", f"runs:/none/of-m{number}")
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.press("3")
        await person.sees("models:/m0/1")
        await person.press("shift+tab")
        for key in "jjjjjjjkkkkkkkjjjjj":
            await person.pilot.press(key)
        await person.sees("models:/m5/1")
        assert person.app.screen.query_one("#models", Table).cursor_key == "m5"


async def test_the_models_of_a_server_are_not_all_read_at_each_look(
    server_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, later = unique("Alpha"), unique("Alpha")
    register_anything(server_store, first)
    async with story(server_store, state_dir) as person:
        read: list[str] = []
        call = person.app.backend.call

        async def noted(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            read.append(function.__name__)
            return await call(function, *args, **kwargs)

        monkeypatch.setattr(person.app.backend, "call", noted)
        await person.press("3")
        await person.until(lambda: first in models_of(person).list, "the model")
        await person.until(lambda: read.count("models_changed") > 1, "looks at what changed")
        pages = read.count("models_page")
        register_anything(server_store, later)
        await person.until(lambda: later in models_of(person).list, "the new model")
        assert read.count("models_page") == pages
        await person.press("r")
        await person.until(lambda: read.count("models_page") > pages, "all the models")


def models_of(person: Story) -> ModelsPane:
    screen = person.app.screen
    assert isinstance(screen, ModelsScreen)
    return screen.models


def register_anything(store: Store, name: str) -> None:
    model = LoggedModel("m", "s3://bucket/model", "", "READY")
    registration.register(store, name=name, model=model, run_id="")


async def test_versions_are_read_once_the_cursor_rests(
    sqlite_store: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models_screen, "REST", 1.0)
    for number in range(8):
        register_anything(sqlite_store, f"m{number}")
    async with story(sqlite_store, state_dir, refresh_interval=600.0) as person:
        await person.press("3")
        await person.sees("models:/m0/1")
        read: list[str] = []
        call = person.app.backend.call

        async def noted(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            read.append(function.__name__)
            return await call(function, *args, **kwargs)

        monkeypatch.setattr(person.app.backend, "call", noted)
        person.app.screen.query_one("#models").focus()
        await person.burst(*["j"] * 7)
        await person.sees("reading…")
        await person.sees("models:/m7/1")
        assert "models_page" not in read
        assert read.count("versions_with_tags") < 7


async def test_what_was_measured_of_a_version_is_read_once_however_long_that_takes(
    two_versions: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answer = asyncio.Event()
    metric = ModelMetric("accuracy", 0.75, "iris")

    async def slow(_widget: Any, _function: Any, *args: Any) -> Any:
        asked.append(args[1].version)
        await answer.wait()
        return (metric,)

    monkeypatch.setattr(version_details, "ask", slow)
    async with story(two_versions, state_dir) as person:
        await person.press("3")
        await person.until(lambda: asked, "the question what was measured")
        screen = person.app.screen
        assert isinstance(screen, ModelsScreen)
        for _ in range(3):
            screen.versions.show_rows()
            await person.pilot.pause(2 * version_details.REST)
        answer.set()
        await person.sees("accuracy", "0.75")
        assert len(asked) == 1
