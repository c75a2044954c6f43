"""The versions of a model: columns, order, filter, marks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration, registry, registry_changes
from mlops_tui.tui.kit.table import Table
from tests.making import make_experiment, make_run
from tests.tui.story import Story, story

NAME = "Iris"
ELSEWHERE = LoggedModel("m", "s3://bucket/model", "", "READY")


@pytest.fixture
def measured_versions(sqlite_store: Store) -> Store:
    """Register three versions of runs with metrics, and another model of one of them."""
    home = make_experiment(sqlite_store, "Flowers")
    for number, accuracy in enumerate((0.7, 0.9, 0.8), 1):
        metrics = {"val_accuracy": accuracy, "val_loss": 1 - accuracy}
        run_id = make_run(
            sqlite_store, home, name=f"run {number}", params={"depth": number}, metrics=metrics
        )
        registration.register(sqlite_store, name=NAME, model=ELSEWHERE, run_id=run_id)
    registration.register(sqlite_store, name="Other", model=ELSEWHERE, run_id=run_id)
    registry_changes.set_version_tags(sqlite_store, NAME, "2", {"validation_status": "passed"}, ())
    return sqlite_store


def versions(person: Story) -> Table:
    return person.app.screen.query_one("#versions", Table)


async def shows(person: Story, *numbers: str) -> None:
    await person.until(lambda: versions(person).keys == [*numbers], f"the versions {numbers}")


async def test_versions_are_sorted_filtered_with_columns_that_each_model_remembers(
    measured_versions: Store, state_dir: Path
) -> None:
    async with story(measured_versions, state_dir) as person:
        await person.press("3")
        await person.sees("val_accuracy", "depth", "0.9", "✓ passed")
        await person.press("o")
        await person.sees("Sort by")
        await person.type("val_acc")
        await person.press("enter")
        await shows(person, "2", "3", "1")
        await person.press("O")
        await shows(person, "1", "3", "2")
        await person.press("c")
        await person.sees("Column (")
        await person.press("slash")
        await person.type("depth")
        await person.press("enter", "space", "enter")
        await person.sees_no("depth")
        await person.press("slash")
        await person.type("val_accuracy>0.75 -gate:passed")
        await shows(person, "3")
        await person.press("escape")
        await shows(person, "1", "3", "2")
        await person.press("shift+tab", "down")
        await person.sees("models:/Other/1", "depth")
    async with story(measured_versions, state_dir) as person:
        await person.press("3")
        await shows(person, "1", "3", "2")
        await person.sees("val_accuracy▲")
        assert "depth" not in person.screen


async def test_marked_versions_are_deleted_those_in_use_only_by_the_models_name(
    measured_versions: Store, state_dir: Path
) -> None:
    registry_changes.set_alias(measured_versions, NAME, "champion", "2")

    def left() -> list[str]:
        return [each.version for each in registry.list_versions(measured_versions, NAME)]

    async with story(measured_versions, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/3")
        await person.press("space", "down", "space", "D")
        await person.sees(
            "Delete v3, v2 of Iris", "v2: @champion", "The runs and the files of the models stay"
        )
        await person.press("enter")
        await person.sees("Type the model's name")
        assert left() == ["3", "2", "1"]
        await person.type(NAME)
        await person.press("enter")
        await person.until(lambda: left() == ["1"], "two versions deleted")
        await shows(person, "1")
        await person.press("D")
        await person.sees("Delete v1 of Iris", "its number is never used again")
        await person.press("enter")
        await person.until(lambda: left() == [], "the last version deleted")
        await person.sees("No versions yet")


async def test_a_model_is_tagged_renamed_back_and_deleted(
    measured_versions: Store, state_dir: Path
) -> None:
    def names() -> list[str]:
        return [model.name for model in registry.list_models(measured_versions)]

    async with story(measured_versions, state_dir) as person:
        await person.press("3")
        await person.sees(f"models:/{NAME}/3")
        await person.press("shift+tab", "T")
        await person.sees(f"Tags of {NAME}")
        await person.type("team=botany")
        await person.press("enter")
        await person.sees("Tags of Iris changed")
        await person.press("n")
        await person.sees(f"Rename {NAME}", "Whoever loads it by its old name fails")
        await person.press("end")
        await person.type("2")
        await person.press("enter")
        await person.until(lambda: names() == ["Iris2", "Other"], "renamed")
        await person.sees("models:/Iris2/3", "team=botany")
        await person.undo()
        await person.until(lambda: names() == ["Iris", "Other"], "its old name")
        await person.sees(f"models:/{NAME}/3")
        await person.press("D")
        await person.sees(
            f"Delete {NAME}",
            "Its 3 versions with stages",
            "The runs and the files of the models stay",
        )
        await person.press("enter")
        await person.until(lambda: names() == ["Other"], "deleted")
        await person.sees("models:/Other/1")


async def test_a_metric_is_charted_over_the_versions_and_marked_ones_are_compared(
    measured_versions: Store, state_dir: Path
) -> None:
    async with story(measured_versions, state_dir) as person:
        await person.press("3")
        await person.sees("val_accuracy", "0.9")
        await person.press("M")
        await person.sees("Metrics over the versions of Iris", "3 of 3 versions have it")
        await person.sees("best: v2 0.9", "newest: v3 0.8")
        await person.press("right")
        await person.sees("best: v2 0.1")
        await person.press("escape", "space", "down", "space", "C")
        await person.sees("rows · 2 versions", "● v3", "▲ v2", "version   stage", "depth")
        await person.press("escape", "m", "C")
        await person.sees("rows · 3 versions")


async def test_of_a_store_at_rest_nothing_is_read_and_of_a_busy_one_no_run_twice(
    measured_versions: Store, state_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with story(measured_versions, state_dir, refresh_interval=0.1) as person:
        await person.press("3")
        await person.sees("val_accuracy", "0.9")
        read: list[str] = []
        call = person.app.backend.call

        async def noted(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
            read.append(function.__name__)
            return await call(function, *args, **kwargs)

        await person.sees("live")
        monkeypatch.setattr(person.app.backend, "call", noted)
        await person.until(lambda: read.count("fingerprint") > 3, "looks at the store")
        of_registry = {"models_page", "models_changed", "versions_with_tags"}
        assert not {*read} & {*of_registry, "read_runs_of_versions"}
        registry_changes.set_alias(measured_versions, NAME, "champion", "1")
        await person.sees("@champion")
        await person.until(lambda: "versions_with_tags" in read, "the versions")
        assert "read_runs_of_versions" not in read
