"""Experiments, registered models, versions and runs, found by a part of their names."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import NotFound
from mlops_tui.domain.experiments.experiment import HISTORY, KIND_TAG
from mlops_tui.domain.matching import matches
from mlops_tui.domain.models.model import RegisteredModel
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.named_thing import Kind, NamedThing
from mlops_tui.domain.runs.run_filter.spelling import like
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.models.mlflow_model import model_of
from mlops_tui.services.runs.runs import search_runs_in
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, exists, registry_client

if TYPE_CHECKING:
    from mlflow import MlflowClient

MOST = 10
"""Things of a kind that are found."""

MOST_WITH_NUMBERS = 3
"""Models that are asked for the versions whose numbers are typed."""

LOOKED_AT = 50
"""Things that the store is asked for: its signs for any letters let some pass that do not match."""

EXPERIMENTS_AT_ONCE = 2_000
"""Experiments named in one search; some databases take no more than 2,100 parameters."""

NUMBER = re.compile(r"v?([0-9]{1,9})", re.IGNORECASE)
"""A word that may mean the number of a version."""


@translated()
def find_named(store: Store, text: str) -> tuple[NamedThing, ...]:
    """Return experiments, registered models and versions whose names have all words of a text."""
    return (*_experiments(store, text), *_models(store, text))


@translated()
def find_runs_named(store: Store, text: str) -> tuple[NamedThing, ...]:
    """Return the newest runs of all experiments whose names have all words of a text."""
    clause = _clause("attributes.run_name", text)
    if not clause or not exists(store):
        return ()
    experiments = {each.experiment_id: each.name for each in list_experiments(store)}
    found = [
        run
        for ids in _pieces(list(experiments), EXPERIMENTS_AT_ONCE)
        for run in search_runs_in(store, ids, server_filter=clause, limit=LOOKED_AT).runs
        if matches(text, (run.name,))
    ]
    found.sort(key=lambda run: -(run.started_at or 0))
    return tuple(
        NamedThing(Kind.RUN, run.name, run.run_id, f"in {experiments[run.experiment_id]}")
        for run in found[:MOST]
    )


def _experiments(store: Store, text: str) -> list[NamedThing]:
    clause = _clause("name", text)
    if not clause or not exists(store):
        return []
    found = client(store).search_experiments(filter_string=clause, max_results=LOOKED_AT)
    return [
        NamedThing(Kind.EXPERIMENT, each.name, each.experiment_id)
        for each in found
        if matches(text, (each.name,)) and each.tags.get(KIND_TAG) != HISTORY
    ][:MOST]


def _models(store: Store, text: str) -> list[NamedThing]:
    """Return registered models with their versions of which one is named, or in use."""
    words = text.split()
    numbers = {is_number[1] for word in words if (is_number := NUMBER.fullmatch(word))}
    name = " ".join(word for word in words if not NUMBER.fullmatch(word)) or text
    clause = _clause("name", name)
    mlflow_client = registry_client(store) if clause else None
    if mlflow_client is None:
        return []
    known = mlflow_client.search_registered_models(clause, max_results=LOOKED_AT)
    models = [m for m in map(model_of, known) if matches(name, (m.name,))][:MOST]
    found: list[NamedThing] = []
    for rank, model in enumerate(models):
        found.append(NamedThing(Kind.MODEL, model.name, model.name))
        marks = _marks(model)
        asked = numbers if rank < MOST_WITH_NUMBERS else ()
        shown = [n for n in asked if n in marks or _has_version(mlflow_client, model.name, n)]
        found += (
            NamedThing(Kind.VERSION, model.name, number, " ".join(marks.get(number, ())))
            for number in sorted(shown or marks, key=int, reverse=True)
        )
    return found[: 2 * MOST]


def _marks(model: RegisteredModel) -> dict[str, list[str]]:
    """Return the versions that are in a stage or have an alias, or are the newest, with these."""
    marks: dict[str, list[str]] = {}
    for stage, number in model.latest.items():
        marks.setdefault(number, []).extend([stage] if stage != Stage.NONE else [])
    for alias, number in model.aliases.items():
        marks.setdefault(number, []).append(f"@{alias}")
    return marks


def _has_version(mlflow_client: "MlflowClient", name: str, number: str) -> bool:
    try:
        with translated():
            mlflow_client.get_model_version(name, number)
    except NotFound:
        return False
    return True


def _clause(attribute: str, text: str) -> str:
    """Return the filter for names with all words of a text, as far as MLflow can be told."""
    patterns = (like(word, is_glob=False) for word in text.split())
    return " AND ".join(f"{attribute} ILIKE '%{pattern}%'" for pattern in patterns)


def _pieces(ids: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]
