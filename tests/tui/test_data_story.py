"""The Data screen: data sets, their versions, the way to runs and models and back."""

import json
import time
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.services.data import watched_reading
from mlops_tui.services.data.file_digest import digest_of
from mlops_tui.services.store import store as stores
from mlops_tui.tui.data.data_screen import DataScreen
from mlops_tui.tui.models.models_screen import ModelsScreen
from mlops_tui.tui.run.run_screen import RunScreen
from tests.making import give_dataset, make_experiment, make_run
from tests.tui.story import story

SCHEMA = '{"mlflow_colspec": [{"type": "double", "name": "a"}, {"type": "double", "name": "b"}]}'


def _register(store: Store, model: str, run_id: str) -> None:
    client = stores.client(store)
    client.create_registered_model(model)
    client.create_model_version(model, f"runs:/{run_id}/model", run_id)


async def test_data_runs_and_models_lead_to_each_other(
    sqlite_store: Store, state_dir: Path
) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    first = make_run(sqlite_store, experiment, name="shallow")
    give_dataset(sqlite_store, first, "iris", "d1", schema=SCHEMA, profile='{"num_rows": 1500}')
    give_dataset(sqlite_store, first, "held [red] out", "h1", context="validation")
    _register(sqlite_store, "flowers", first)
    give_dataset(sqlite_store, make_run(sqlite_store, experiment, name="deep"), "iris", "d2")
    async with story(sqlite_store, state_dir) as person:
        await person.press("6")
        await person.sees("Data set (2)", "iris", "held [red] out", "flowers v1")
        await person.press("enter")
        await person.sees("Version (2)", "d1", "d2", "1,500", "/data/iris.csv", "Run (1)", "deep")
        await person.press("v")
        await person.sees("No registered model was trained on this version.")
        await person.press("j")
        await person.sees("shallow")
        await person.press("enter", "enter")
        await person.until(lambda: isinstance(person.app.screen, RunScreen), "the run")
        await person.press("escape", "shift+tab", "v")
        await person.until(lambda: isinstance(person.app.screen, ModelsScreen), "the model")
        await person.sees("flowers", "v1")
        await person.press("d")
        await person.sees("Data of flowers v1", "held [red] out")
        await person.press("enter")
        await person.until(lambda: isinstance(person.app.screen, DataScreen), "the data set")
        await person.sees("d1", "flowers v1")
        await person.press("y")
        await person.sees("Copied d1")


async def test_data_sets_are_filtered_and_none_is_said(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.press("6")
        await person.sees("No run was given a data set yet")
        experiment = make_experiment(sqlite_store, "Flowers")
        for name in ("iris", "wine"):
            give_dataset(sqlite_store, make_run(sqlite_store, experiment), name, "d1")
        await person.press("r")
        await person.sees("iris", "wine")
        await person.press("slash", "w", "i", "n", "enter")
        await person.sees("Data set (1/2)")
        await person.sees_no("iris ")
        await person.press("escape")
        await person.sees("Data set (2)")


async def test_files_are_profiled_and_compared(
    sqlite_store: Store, state_dir: Path, tmp_path: Path
) -> None:
    experiment, names = make_experiment(sqlite_store, "Flowers"), ("old.csv", "new.csv")
    for name, rows in zip(names, ("1,x\n2,y\n", "2,y\n3,z\n3,z\n"), strict=True):
        path = tmp_path / name
        path.write_text(f"id,[red]\n{rows}")
        source = json.dumps({"uri": str(path)})
        digest = digest_of(path).digest
        give_dataset(
            sqlite_store, make_run(sqlite_store, experiment), "iris", digest, source=source
        )
    async with story(sqlite_store, state_dir) as person:
        await person.press("6")
        await person.sees("iris")
        await person.press("enter")
        await person.sees("the same bytes")
        await person.press("p")
        await person.sees("3 rows, 2 columns, 1 duplicate row.", "[red]", "distinct")
        await person.press("escape", "d")
        await person.sees("Mark two versions with space first.")
        await person.press("space", "j", "space", "d")
        await person.sees("2 → 3 rows: 2 added, 1 removed.")
        await person.press("escape")
        (tmp_path / "old.csv").unlink()
        await person.press("r")
        await person.sees("gone")
        await person.press("p")
        await person.sees("has gone")


def endless_profile(reading: str, _word: str, folder: Path) -> None:
    """Read on and on until it is stopped; then leave a sign."""
    with watched_reading._watched(reading, passes=2) as progress:
        try:
            while True:
                progress(0.5)
                time.sleep(0.05)
        except ServiceError:
            (folder / "stopped").touch()
            raise


async def test_a_long_reading_shows_how_far_it_is_and_is_stopped_by_escape(
    sqlite_store: Store, state_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched_reading, "profile_watched", endless_profile)
    path, experiment = tmp_path / "long.csv", make_experiment(sqlite_store, "Flowers")
    path.write_text("a\n1\n")
    source, digest = json.dumps({"uri": str(path)}), digest_of(path).digest
    give_dataset(sqlite_store, make_run(sqlite_store, experiment), "long", digest, source=source)
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.press("6")
        await person.sees("long")
        await person.press("enter")
        await person.sees("the same bytes")
        await person.press("p")
        await person.sees("Reading long.csv", "██████░░░░░░░░░░░░░░░░░░  25%", "esc stops it")
        await person.press("escape")
        await person.sees("Stopped reading.")
        await person.sees_no("esc stops it")
        await person.until((Path.cwd() / "stopped").exists, "the service process has stopped, too")


async def test_without_data_sets_nothing_is_said_to_be_read(
    sqlite_store: Store, state_dir: Path
) -> None:
    async with story(sqlite_store, state_dir) as person:
        await person.press("6")
        await person.sees("Data set (0)", "live")
        await person.sees_no("reading…")
