"""What was just launched is what is watched, queried, stopped."""

from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.processes.process import ProcessKind
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registration
from mlops_tui.services.runs import runs
from tests.detached import python, start
from tests.ports import free_port
from tests.tui.story import story

OLD = {"model": "Old", "version": "1", "stage": "None", "port": "1", "aliases": "[]"}


async def test_the_cursor_goes_to_the_new_job(store: Store, state_dir: Path) -> None:
    start(state_dir, replace(python("print('of the old job')"), kind=ProcessKind.JOB))
    async with story(store, state_dir) as person:
        await person.press("2")
        await person.sees("of the old job")
        await person.press("n")
        await person.sees("What to launch", "Random forest")
        await person.press("enter")
        await person.sees("New training job")
        await person.press("ctrl+s")
        await person.sees_no("of the old job")
        await person.press("x")
        await person.sees("Stop RandomForest_Run_1?")
        await person.press("enter")
        await person.sees("stopped")


async def test_the_query_goes_to_the_new_server(
    sqlite_store: Store, state_dir: Path, modelled_run: str
) -> None:
    (model,) = runs.get_run(sqlite_store, modelled_run).models
    assert isinstance(model, LoggedModel)
    registration.register(sqlite_store, name="Flowers", model=model, run_id=modelled_run)
    start(state_dir, replace(python("pass"), details=OLD))
    port = free_port()
    async with story(sqlite_store, state_dir) as person:
        await person.press("4")
        await person.sees("POST http://127.0.0.1:1/")
        await person.press("3")
        await person.sees("models:/Flowers/1")
        await person.press("s")
        await person.sees("Serve Flowers v1", "mlflow models serve")
        await person.press(*["backspace"] * 5)
        await person.type(str(port))
        await person.press("enter")
        await person.sees(f"POST http://127.0.0.1:{port}/")
        await person.press("x")
        await person.sees("Stop serving Flowers")
        await person.press("enter")
        await person.sees("stopped")
