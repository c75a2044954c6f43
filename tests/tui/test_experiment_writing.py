"""Changing experiments by key."""

from pathlib import Path

from mlops_tui.domain.experiments.experiment import Experiment
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.store.store import client
from tests.making import make_experiment, make_run
from tests.tui.story import Story, story


def find(store: Store, name: str, *, deleted: bool = False) -> Experiment | None:
    known = list_experiments(store, deleted=deleted)
    return next((one for one in known if one.name == name), None)


async def to_experiments(person: Story, *seen: str) -> None:
    """Give the left pane the focus once these are seen."""
    await person.sees(*seen)
    await person.press("shift+tab")
    await person.until(
        lambda: person.app.focused and person.app.focused.id == "experiments", "left"
    )


async def test_an_experiment_is_created_in_a_new_store_then_undone(
    store: Store, state_dir: Path, tmp_path: Path
) -> None:
    async with story(store, state_dir) as person:
        await person.sees("No experiments yet")
        await person.press("n")
        await person.sees("New experiment", "stay reserved")
        await person.type("Flowers")
        await person.press("ctrl+y")
        assert "create_experiment('Flowers')" in person.app.clipboard
        await person.press("enter")
        await person.sees("Experiment Flowers: created. u undoes it", "No runs in this experiment")
        made = find(store, "Flowers")
        assert made is not None
        assert Path(made.artifact_location).parent == tmp_path / "mlruns"
        await person.until(
            lambda: getattr(person.app.screen, "chosen", "") == made.experiment_id, "chosen"
        )
        await person.undo()
        await person.sees("Experiment Flowers: deleted; its name stays reserved")
        assert find(store, "Flowers") is None


async def test_a_reserved_name_is_told_and_kept_for_correction(
    sqlite_store: Store, state_dir: Path
) -> None:
    client(sqlite_store).delete_experiment(make_experiment(sqlite_store, "Flowers"))
    async with story(sqlite_store, state_dir) as person:
        await person.sees("Default")
        await person.press("n")
        await person.sees("New experiment")
        await person.type("Flowers")
        await person.press("enter")
        await person.sees("taken by a deleted experiment", "New experiment")
        await person.press("end")
        await person.type("2")
        await person.press("enter")
        await person.until(lambda: find(sqlite_store, "Flowers2"), "made")


async def test_an_experiment_is_renamed_described_then_undone(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await to_experiments(person, "deep")
        await person.press("e")
        await person.sees("Edit experiment Flowers")
        await person.press("end")
        await person.type("2")
        await person.press("tab")
        await person.type("why")
        await person.press("ctrl+s")
        await person.sees("Experiment Flowers: renamed to Flowers2. u undoes it")
        made = find(sqlite_store, "Flowers2")
        assert made is not None
        assert made.note == "why"
        await person.undo()
        await person.until(lambda: find(sqlite_store, "Flowers"), "undone")
        await person.press("e")
        await person.sees("Edit experiment Flowers")
        client(sqlite_store).rename_experiment(made.experiment_id, "Theirs")
        await person.press("tab")
        await person.type("mine")
        await person.press("ctrl+s")
        await person.sees("'Theirs' now", "Edit experiment Flowers", "mine")


async def test_an_experiment_is_deleted_found_among_the_deleted_restored(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    client(sqlite_store).delete_run(three_runs["deep"])
    async with story(sqlite_store, state_dir) as person:
        await to_experiments(person, "middling")
        await person.press("D")
        await person.sees("Delete experiment Flowers", "Its 2 runs", "name stays reserved")
        await person.press("enter")
        await person.sees("Experiment Flowers: deleted", "reserved", "undoes")
        await person.sees_no("middling")
        await person.press("d")
        await person.sees("Deleted (1)", "deleted runs · 3 loaded")
        await person.press("e")
        await person.sees("It is deleted: U restores it first")
        await person.press("tab", "U")
        await person.sees("Their experiment is deleted")
        await person.press("d")
        await person.sees("so are all of its runs")
        await person.press("shift+tab", "U")
        await person.sees("Restore experiment Flowers", "deleted before it")
        await person.press("enter")
        await person.sees("Experiment Flowers: restored. u undoes it", "Nothing is deleted here")
        await person.press("d")
        await person.sees("Flowers", "Experiments (2)")
        assert find(sqlite_store, "Flowers") is not None


async def test_the_undone_deletion_of_an_experiment_keeps_its_deleted_runs_deleted(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    client(sqlite_store).delete_run(three_runs["deep"])
    async with story(sqlite_store, state_dir) as person:
        await to_experiments(person, "middling")
        await person.press("D")
        await person.sees("Delete experiment Flowers")
        await person.press("enter")
        await person.sees("Experiment Flowers: deleted", "reserved", "undoes")
        await person.undo()
        await person.sees("Experiment Flowers: restored", "2 loaded")
    assert client(sqlite_store).get_run(three_runs["deep"]).info.lifecycle_stage == "deleted"


async def test_the_cursor_is_where_it_was_after_a_look_at_the_deleted(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    client(sqlite_store).delete_experiment(make_experiment(sqlite_store, "Gone"))
    make_run(sqlite_store, make_experiment(sqlite_store, "Cars"), name="fast car")
    async with story(sqlite_store, state_dir) as person:
        await to_experiments(person, "fast car")
        await person.press("down")
        await person.sees("deep")
        await person.press("d")
        await person.sees("Deleted (1)", "Gone")
        await person.press("d")
        await person.sees("Experiments (3)", "deep")
        assert person.app.screen.copyable() == "1"  # type: ignore[attr-defined]


async def test_keys_of_runs_are_gone_while_experiments_have_the_focus(
    sqlite_store: Store, state_dir: Path, three_runs: dict[str, str]
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await to_experiments(person, "deep")
        active = person.app.screen.active_bindings.values()
        actions = {one.binding.action for one in active if one.enabled}
        assert not {"edit_tags", "settle", "register"} & actions
        assert {"edit", "delete", "new_experiment"} <= actions
