"""Training jobs."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mlops_tui import recipes
from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound
from mlops_tui.domain.process import ProcessKind, ProcessRecord
from mlops_tui.domain.recipe import Recipe, Value, parse_all, to_text
from mlops_tui.domain.run import JOB_TAG
from mlops_tui.domain.store import Store
from mlops_tui.services import child_environment, processes, records, settlement

PROGRAM = Path(recipes.__file__).with_name("__main__.py")
"""Run by its path: the job's Python may have MLflow without having this package."""


def launch_recipe(
    store: Store,
    state_dir: Path,
    python: Path | str,
    recipe_name: str,
    values: Mapping[str, Value | None],
) -> ProcessRecord:
    """Start a training job; values that are not given are the recipe's defaults."""
    from mlops_tui.services.store import ensure

    interpreter = Path(python).absolute()
    record = _plan(store, interpreter, _find(recipe_name), values)
    ensure(store)
    given = child_environment.given(store, interpreter)
    given["MLFLOW_RUN_CONTEXT"] = json.dumps({JOB_TAG: record.process_id})
    record = replace(record, environment=tuple(sorted(given)))
    return processes.start(state_dir, record, child_environment.inherited() | given)


def recipe_command(
    python: Path | str, recipe_name: str, values: Mapping[str, Value | None]
) -> tuple[str, ...]:
    """Return the command that trains the recipe with these values."""
    return (str(python), str(PROGRAM), recipe_name, "--values", json.dumps(dict(values)))


def list_jobs(state_dir: Path) -> tuple[ProcessRecord, ...]:
    """Return the jobs as they are now, newest first."""
    return processes.list_processes(state_dir, ProcessKind.JOB)


def stop_job(store: Store, state_dir: Path, job_id: str) -> ProcessRecord:
    """Ask a job to end with all it has started; its open runs become KILLED. Returns at once."""
    environ = os.environ | child_environment.aim(store)
    return processes.stop(state_dir, ProcessKind.JOB, job_id, environ)


def settle_job(store: Store, state_dir: Path, job_id: str) -> ProcessRecord:
    """End the runs that a job has left open because it was lost, or the store was away."""
    record = processes.get(state_dir, ProcessKind.JOB, job_id)
    if record.state.is_active:
        raise Conflict(f"{record.title} is still {record.state.value}.", "Stop it first.")
    if record.store != child_environment.absolute(store).label:
        raise Conflict(f"{record.title} wrote to {record.store}.", "Open that store to settle it.")
    count = settlement.settle(store, job_id, record.state)
    return processes.amend(state_dir, replace(record, reason=_settled(record, count)))


def _find(name: str) -> Recipe:
    recipe = recipes.find(name)
    if recipe is None:
        known = ", ".join(known.name for known in recipes.RECIPES)
        raise NotFound(f"There is no recipe {name!r}.", f"There are: {known}.")
    return recipe


def _plan(
    store: Store, python: Path, recipe: Recipe, values: Mapping[str, Value | None]
) -> ProcessRecord:
    checked = _checked(recipe, values)
    return ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.JOB,
        title=to_text(checked.get("run_name")) or recipe.title,
        command=recipe_command(python, recipe.name, checked),
        cwd=str(child_environment.working_directory(store)),
        environment=(),
        store=child_environment.absolute(store).label,
        created_at=records.now(),
        details={
            "recipe": recipe.name,
            "experiment": to_text(checked.get("experiment")),
            "run_name": to_text(checked.get("run_name")),
            "values": json.dumps(checked),
            "python": str(python),
        },
    )


def _checked(recipe: Recipe, values: Mapping[str, Value | None]) -> dict[str, Value | None]:
    unknown = sorted(values.keys() - {parameter.name for parameter in recipe.parameters})
    if unknown:
        raise InvalidInput(f"{recipe.title} has no parameter {unknown[0]!r}.")
    defaults = {parameter.name: parameter.default for parameter in recipe.parameters}
    texts = {name: to_text(value) for name, value in (defaults | dict(values)).items()}
    checked, reasons = parse_all(recipe, texts)
    if reasons:
        raise InvalidInput("; ".join(f"{name}: {why}" for name, why in reasons.items()) + ".")
    return checked


def _settled(record: ProcessRecord, count: int) -> str:
    """Return the record's reason, an earlier outcome of settling replaced by this one."""
    before = record.reason.partition(settlement.OUTCOME)[0]
    return f"{before.strip()} {settlement.SETTLED} {count} had been left open.".strip()
