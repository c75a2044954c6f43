"""A run in all its parts, by its keys."""

from pathlib import Path

import pytest

from mlops_tui.domain.store import Store
from mlops_tui.services.store.store import client
from tests.making import log_model, make_experiment, make_run
from tests.tui.story import Story, story

TABS = ("Overview", "Params", "Metrics", "Tags", "Artifacts", "Models", "Data sets")


@pytest.fixture
def full_run(sqlite_store: Store) -> str:
    """Make a run with everything: params, metrics, tags, files, a model."""
    run_id = make_run(
        sqlite_store,
        make_experiment(sqlite_store, "Flowers"),
        name="full",
        params={"depth": 5, "trees": 150},
        metrics={"accuracy": [0.5, float("nan"), 0.9], "loss": 0.3},
        tags={"team": "vision", "mlflow.note.content": "Looks *good*."},
    )
    log = client(sqlite_store)
    log.log_text(run_id, "line one\n\x1b[31mline two", "notes/readme.txt")
    log.log_text(run_id, "binary \0 file", "weights.bin")
    log_model(sqlite_store, run_id)
    return run_id


async def open_tab(person: Story, name: str) -> None:
    await person.sees("full")
    await person.press("enter")
    await person.sees("Overview", "Looks *good*.")
    for _ in range(TABS.index(name)):
        await person.press("right_square_bracket")


async def test_params_are_filtered_and_copied(
    sqlite_store: Store, state_dir: Path, full_run: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_tab(person, "Params")
        await person.sees("depth", "trees")
        await person.press("y")
        assert person.app.clipboard == "5"
        await person.press("slash")
        await person.type("trees")
        await person.sees_no("depth")
        await person.press("escape")
        await person.sees("depth")


async def test_a_gap_in_a_curve_is_counted(
    sqlite_store: Store, state_dir: Path, full_run: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_tab(person, "Metrics")
        await person.sees("1 gap", "loss")
        await person.press("slash")
        await person.type("loss")
        await person.sees_no("1 gap")


async def test_a_text_is_read_beside_the_tree(
    sqlite_store: Store, state_dir: Path, full_run: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_tab(person, "Artifacts")
        await person.sees("notes", "weights.bin", "random_forest_model (model)")
        await person.press("down")
        await person.until(lambda: "binary" in person.screen or "notes" in person.screen, "a node")
        await person.press("home", "enter")
        await person.sees("readme.txt")
        await person.press("down")
        await person.sees("line one", "line two")
        assert "\x1b" not in person.screen
        await person.press("y")
        assert person.app.clipboard == f"runs:/{full_run}/notes/readme.txt"
        await person.press("down")
        await person.sees("binary; it is not shown")


async def test_a_models_files_are_in_the_tree(
    sqlite_store: Store, state_dir: Path, full_run: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_tab(person, "Artifacts")
        await person.sees("random_forest_model (model)")
        await person.press("end", "enter")
        await person.sees("MLmodel")


async def test_the_logged_model_is_listed_then_registered(
    sqlite_store: Store, state_dir: Path, full_run: str
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_tab(person, "Models")
        await person.sees("random_forest_model", "models:/m-")
        await person.press("y")
        assert person.app.clipboard.startswith("models:/m-")
        await person.press("R")
        await person.sees("Register a model of full")
        await person.type("bad/name")
        await person.sees("✗")
        await person.press("enter")
        await person.sees("Register a model of full")
        await person.press(*["backspace"] * 8)
        await person.type("Flowers")
        await person.press("ctrl+y")
        assert "Flowers" in person.app.clipboard
        await person.press("tab", "tab")
        await person.type("first")
        await person.press("tab")
        await person.type("nonsense")
        await person.press("enter")
        await person.sees("A tag is key=value")
        await person.press(*["backspace"] * 8)
        await person.type("team=vision")
        await person.press("enter")
        await person.sees("Created Flowers v1. Go there?")
        await person.press("escape")
        await person.sees("models:/m-")


async def test_an_existing_name_is_picked_from_the_list(
    sqlite_store: Store, state_dir: Path, full_run: str
) -> None:
    client(sqlite_store).create_registered_model("Existing")
    async with story(sqlite_store, state_dir) as person:
        await person.sees("full")
        await person.press("R")
        await person.sees("Existing")
        await person.press("down", "enter", "enter")
        await person.sees("Created Existing v1")


async def test_the_tabs_go_round(sqlite_store: Store, state_dir: Path, full_run: str) -> None:
    async with story(sqlite_store, state_dir) as person:
        await open_tab(person, "Overview")
        await person.press("left_square_bracket")
        await person.sees("This run has logged no data set")
        await person.press("left_square_bracket")
        await person.sees("URI")
        await person.press(*["right_square_bracket"] * 3)
        await person.sees("depth")
