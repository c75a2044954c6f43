"""The registry's story on a real MLflow server."""

from pathlib import Path

from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.store import Store
from mlops_tui.services.models import registry
from tests.making import log_model, make_experiment, make_run, unique
from tests.tui.story import story


async def test_a_run_on_a_server_comes_to_production_and_back(
    server_store: Store, state_dir: Path
) -> None:
    name, run_name = unique("Flowers").replace("-", ""), unique("run")
    log_model(server_store, make_run(server_store, make_experiment(server_store), name=run_name))

    def stage() -> Stage:
        return registry.list_versions(server_store, name)[0].stage

    async with story(server_store, state_dir) as person:
        await person.sees(run_name)
        await person.press("R")
        await person.sees(f"Register a model of {run_name}")
        await person.type(name)
        await person.press("enter")
        await person.sees(f"Created {name} v1. Go there?")
        await person.press("enter")
        await person.sees(f"models:/{name}/1")
        await person.press("t")
        await person.sees(f"Move {name} v1")
        await person.press("p", "enter")
        await person.until(lambda: stage() is Stage.PRODUCTION, "in Production")
        await person.sees("u undoes it")
        await person.press("u")
        await person.sees("v1 → None.")
        await person.press("enter")
        await person.until(lambda: stage() is Stage.NONE, "undone")
