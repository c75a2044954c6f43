"""Who changed a model, and what was there before."""

from pathlib import Path

import pytest

from mlops_tui.domain.models.registry_event import EventKind
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import plan_transition
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history, registration, registry, registry_changes
from mlops_tui.services.store.store import client
from mlops_tui.tui.models.history_dialog import HistoryDialog
from mlops_tui.tui.models.models_screen import ModelsScreen
from mlops_tui.tui.models.rollback_dialog import RollbackDialog
from tests.making import unique
from tests.services.models.test_registry import ELSEWHERE
from tests.tui.story import Story, story

HOSTILE = "[red]\x1b[31mit's\u202e"


def promote(store: Store, name: str, version: str, reason: str) -> None:
    versions = registry.list_versions(store, name)
    plan = plan_transition(versions, version, Stage.PRODUCTION, archive_existing=True)
    registry_changes.move(store, plan, reason=reason)


def make_model(store: Store, name: str) -> str:
    """Register two versions, promote the first, then the second."""
    for _ in range(2):
        registration.register(store, name=name, model=ELSEWHERE, run_id="")
    promote(store, name, "1", "the first")
    promote(store, name, "2", HOSTILE)
    return name


def stages(store: Store, name: str) -> dict[str, str]:
    return {v.version: v.stage.value for v in registry.list_versions(store, name)}


async def open_models(person: Story, name: str) -> None:
    await person.press("3")
    await person.until(lambda: f"models:/{name}/2" in person.screen.replace("\n", ""), name)


@pytest.mark.parametrize("size", [(80, 24), (200, 50)])
async def test_the_history_tells_who_what_and_why(
    sqlite_store: Store, state_dir: Path, size: tuple[int, int]
) -> None:
    make_model(sqlite_store, "iris")
    async with story(sqlite_store, state_dir, size=size) as person:
        await open_models(person, "iris")
        await person.press("H")
        await person.sees("History of iris", "v2: None → Production", "v2 registered")
        await person.sees("by   ", "when ", "@previous → v1")
        await person.press("down")
        await person.sees("the first")
        await person.press("ctrl+y")
        await person.until(lambda: "mlops-tui history iris" in person.app.clipboard, "command")
        await person.press("enter")
        await person.until(lambda: not isinstance(person.app.screen, HistoryDialog), "closed")


async def test_what_was_changed_elsewhere_is_told_as_seen(
    server_store: Store, state_dir: Path
) -> None:
    name = make_model(server_store, unique("Aaa"))
    async with story(server_store, state_dir) as person:
        await person.press("3")
        await person.sees(name)
        client(server_store).set_registered_model_alias(name, "champion", "1")

        def noticed() -> bool:
            return history.events(server_store, name)[0].kind is EventKind.ALIAS

        assert isinstance(person.app.screen, ModelsScreen)
        person.app.screen.go_to(name)
        await person.sees("@champion")
        await person.until(noticed, "noticed at the look")
        await person.press("H")
        await person.sees("@champion: nothing → v1", "seen between")


async def test_what_was_in_production_comes_back_and_undo_takes_that_back(
    sqlite_store: Store, state_dir: Path
) -> None:
    make_model(sqlite_store, "iris")
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await open_models(person, "iris")
        await person.press("B")
        await person.sees("Roll back iris", "v2: Production → Archived", "the first", "gate then")
        await person.type("bad at night")
        await person.press("enter")
        await person.until(
            lambda: stages(sqlite_store, "iris") == {"1": "Production", "2": "Archived"}, "back"
        )
        await person.until(lambda: person.app.undo_stack, "undo")
        assert history.events(sqlite_store, "iris")[0].reason == "bad at night"
        await person.undo()
        await person.until(
            lambda: stages(sqlite_store, "iris") == {"1": "Archived", "2": "Production"}, "undone"
        )


async def test_a_move_can_be_given_a_reason(sqlite_store: Store, state_dir: Path) -> None:
    for _ in range(2):
        registration.register(sqlite_store, name="iris", model=ELSEWHERE, run_id="")
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await open_models(person, "iris")
        await person.press("t")
        await person.sees("Move iris v2")
        await person.press("s", "w")
        await person.sees("Why is v2 moved?")
        await person.type("try it")
        await person.press("enter")
        await person.sees("Why: try it")
        await person.press("enter")
        await person.until(lambda: stages(sqlite_store, "iris")["2"] == "Staging", "moved")
        await person.until(lambda: person.app.undo_stack, "undo")
    moved = history.events(sqlite_store, "iris")[0]
    assert (moved.describe(), moved.reason) == ("v2: None → Staging", "try it")


async def test_a_rollback_of_an_alias_is_chosen(sqlite_store: Store, state_dir: Path) -> None:
    make_model(sqlite_store, "iris")
    for version, before in (("1", ""), ("2", "1")):
        registry_changes.set_alias(sqlite_store, "iris", "champion", version, before)
    async with story(sqlite_store, state_dir) as person:
        await open_models(person, "iris")
        await person.press("B")
        await person.sees("Roll back iris", "Production")
        await person.press("shift+tab", "enter", "down", "enter")
        await person.sees("@champion → v1")
        await person.press("tab", "enter")
        await person.until(
            lambda: "champion" in registry.list_versions(sqlite_store, "iris")[1].aliases, "back"
        )


async def test_nothing_to_bring_back_is_said(sqlite_store: Store, state_dir: Path) -> None:
    for _ in range(2):
        registration.register(sqlite_store, name="iris", model=ELSEWHERE, run_id="")
    async with story(sqlite_store, state_dir) as person:
        await open_models(person, "iris")
        await person.press("B")
        await person.sees("Nothing that still exists was in a stage")


async def test_a_reason_that_is_too_long_is_refused(sqlite_store: Store, state_dir: Path) -> None:
    make_model(sqlite_store, "iris")
    async with story(sqlite_store, state_dir) as person:
        await open_models(person, "iris")
        await person.press("B")
        await person.sees("Roll back iris")
        dialog = person.app.screen
        assert isinstance(dialog, RollbackDialog)
        dialog.query_one("#reason").value = "x" * 2_001  # type: ignore[attr-defined]
        await person.press("enter")
        await person.sees("The reason has 2,001 characters; the history keeps 2,000.")
        assert stages(sqlite_store, "iris")["2"] == "Production"


async def test_in_read_only_mode_the_history_is_read_and_nothing_is_brought_back(
    sqlite_store: Store, state_dir: Path
) -> None:
    make_model(sqlite_store, "iris")
    client(sqlite_store).set_registered_model_alias("iris", "champion", "1")
    recorded = len(history.events(sqlite_store, "iris"))
    async with story(sqlite_store, state_dir, read_only=True) as person:
        await open_models(person, "iris")
        await person.press("B")
        await person.press("H")
        await person.sees("History of iris", "@champion: nothing → v1", "not recorded yet")
    assert len(history.events(sqlite_store, "iris")) == recorded
