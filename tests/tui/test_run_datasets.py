"""The data sets of a run, by its keys."""

import json
from pathlib import Path

import pytest

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.store import Store
from tests.making import give_dataset, make_experiment, make_run
from tests.tui.story import Story, story

HOSTILE = "it's [red]\x1b[31m\u202e"
SCHEMA = json.dumps(
    {"mlflow_colspec": [{"type": "double", "name": f"width_{n}"} for n in range(10_000)]}
)


@pytest.fixture
def given(sqlite_store: Store) -> list[str]:
    """Make two runs of two experiments that share a data set; return their ids."""
    experiments = [make_experiment(sqlite_store, name) for name in ("Flowers", "Irises")]
    made = [make_run(sqlite_store, each, name=f"run of {each}") for each in experiments]
    for run_id in made:
        give_dataset(
            *(sqlite_store, run_id, HOSTILE, "d1"), schema=SCHEMA, profile='{"num_rows": 150}'
        )
    give_dataset(sqlite_store, made[1], "wine", "d2", context="testing", source="s3://b/wine")
    return made


async def open_datasets(person: Story) -> None:
    await person.sees("run of")
    await person.press("enter")
    await person.sees("Data sets (2)")
    await person.press("left_square_bracket")


async def test_what_is_known_of_a_data_set_is_shown_with_who_else_used_it(
    sqlite_store: Store, state_dir: Path, given: list[str]
) -> None:
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await open_datasets(person)
        await person.sees("it's [red]·", "/data/iris.csv", "num_rows 150", "Column (10,000)")
        await person.sees("width_0", "Also in (1)", "run of 1")
        assert "\x1b" not in person.screen
        await person.press("y")
        assert person.app.clipboard == "/data/iris.csv"
        await person.press("down")
        await person.sees("s3://b/wine", "no schema that can be read", "No other run used")
        await person.press("up")
        await person.sees("run of 1")
        await person.press("slash")
        await person.type("width_9999")
        await person.sees("Column (1 of 10,000)")
        await person.press("enter")
        await person.sees("only columns with: width_9999")
        await person.press("enter", "enter")
        await person.sees("Data sets (1)", given[0])
        await person.press("o")
        assert person.app.clipboard.startswith("mlflow ui --backend-store-uri sqlite:///")
        await person.sees("127.0.0.1:5000")


async def test_why_other_runs_are_not_known_is_said(
    sqlite_store: Store,
    state_dir: Path,
    given: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with story(sqlite_store, state_dir) as person:
        call = person.app.backend.call

        async def failing(function: object, *args: object, **kwargs: object) -> object:
            if getattr(function, "__name__", "") == "runs_of_dataset":
                raise ServiceError("The server is asleep.")
            return await call(function, *args, **kwargs)  # type: ignore[arg-type]

        monkeypatch.setattr(person.app.backend, "call", failing)
        await open_datasets(person)
        await person.sees("Not read: The server is asleep.")
