"""Prints what the history of a model takes, and one page of MLflow with as many runs."""

import json
import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import Transition, plan_transition
from mlops_tui.domain.runs.run import LoggedModel
from mlops_tui.domain.store import Store
from mlops_tui.services.models import history, history_reading, stages
from mlops_tui.services.models.event_runs import event_tags
from mlops_tui.services.models.registration import register
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.models.registry_changes import move
from mlops_tui.services.store.store import client, prepare_environment

EVENTS, TIMES = 1_000, 9
NAME = "iris"


def main() -> None:
    """Fill a store, take the times in turns, print their medians in milliseconds."""
    prepare_environment()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{Path(folder) / 'mlflow.db'}")
        experiment = _fill(store)
        opened = client(store)
        moves = iter("12" * TIMES * 4)
        taken = _in_turns(
            page=lambda: opened.search_runs([experiment], max_results=EVENTS),
            history=lambda: history_reading.read_history(store, NAME, may_record=True),
        ) | _in_turns(
            bare=lambda: _unrecorded(store, _plan(store, next(moves))),
            move=lambda: move(store, _plan(store, next(moves))),
        )
    sys.stdout.write(f"{json.dumps(taken)}\n")


def _fill(store: Store) -> str:
    """Record a thousand changes; return the experiment that holds them."""
    model = LoggedModel("m", "s3://bucket/model", "", "READY")
    for _ in range(3):
        register(store, name=NAME, model=model, run_id="")
    opened = client(store)
    experiment = history.begin(store, opened)
    key = history.created(opened.get_registered_model(NAME))
    began = history.now() - 10 * EVENTS
    for number in range(EVENTS - 3):
        event = RegistryEvent(NAME, EventKind.STAGE, "1", "", "None", "Staging", reason="a test")
        tags = event_tags(event, key, "ana")
        history.add(opened, experiment, tags, event, began + number)
    return experiment


def _plan(store: Store, version: str) -> Transition:
    versions = list_versions(store, NAME)
    return plan_transition(versions, version, Stage.PRODUCTION, archive_existing=True)


def _unrecorded(store: Store, plan: Transition) -> None:
    stages.check_unmoved(plan, list_versions(store, NAME))
    stages.apply(client(store), plan)
    list_versions(store, NAME)


def _in_turns(**calls: Callable[[], object]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(TIMES + 1):
        for name, call in calls.items():
            begun = perf_counter()
            call()
            if turn:  # the first one fills the caches
                times[name].append(1000 * (perf_counter() - begun))
    return {name: median(found) for name, found in times.items()}


if __name__ == "__main__":
    main()
