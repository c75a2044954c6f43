"""Reads where every registered model stands, from data to retraining."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import time_ns
from typing import TYPE_CHECKING

from mlops_tui.domain.gate.verdict import GateState, champion_of, gate_state
from mlops_tui.domain.loop.loop_line import LocalFacts, Loop, WatchFacts, by_need, loop_line
from mlops_tui.domain.loop.model_facts import (
    DataVersion,
    LastRun,
    ModelFacts,
    next_stage,
    production_alias,
)
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.experiments import list_experiments
from mlops_tui.services.gc_pause import gc_paused
from mlops_tui.services.jobs.jobs import list_jobs
from mlops_tui.services.models.mlflow_model import model_of, version_of
from mlops_tui.services.models.registry import versions_now
from mlops_tui.services.monitoring.monitors import list_monitors
from mlops_tui.services.paging import token_text
from mlops_tui.services.processes.child_environment import absolute
from mlops_tui.services.retraining import attempt_runs
from mlops_tui.services.retraining.retraining_rules import stored_rule
from mlops_tui.services.serving.servers import list_servers
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import registry_client
from mlops_tui.services.versions.version_runs import read_runs_of_versions
from mlops_tui.services.worker.calls import LONG, may_take

if TYPE_CHECKING:
    from mlflow.entities import model_registry

FIRST_PAGE, PAGE = 50, 200
"""Models that are read first, and with each further call."""


@dataclass(frozen=True, slots=True)
class FactsPage:
    """A page of models by name; ``next_token`` is empty on the last one."""

    facts: tuple[ModelFacts, ...]
    next_token: str = ""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A model with those of its versions that matter here."""

    model: RegisteredModel
    newest: ModelVersion | None
    production: ModelVersion | None
    production_by: str


@translated()
@may_take(LONG)
def facts_page(store: Store, token: str = "") -> FactsPage:
    """Return what the store holds of the first models by name, or of those of a later page."""
    client = registry_client(store)
    if client is None:
        return FactsPage(())
    with gc_paused():
        found = client.search_registered_models(
            max_results=PAGE if token else FIRST_PAGE, page_token=token or None
        )
    listed = _in_production(store, [_listed(each) for each in found])
    runs = _runs(store, listed)
    names = {each.experiment_id: each.name for each in list_experiments(store)} if runs else {}
    return FactsPage(tuple(_facts(each, runs, names) for each in listed), token_text(found))


def local_facts(store: Store, state_dir: Path) -> LocalFacts:
    """Return the endpoints and jobs of a store that were started here, newest first."""
    label = absolute(store).label
    servers = (each for each in list_servers(state_dir) if each.record.store == label)
    jobs = (each for each in list_jobs(state_dir) if each.store == label)
    return LocalFacts(tuple(servers), tuple(_that_count(jobs)))


@may_take(LONG)
def watch_facts(store: Store, state_dir: Path) -> WatchFacts:
    """Return the monitors of a store with their newest chunk, and the newest attempts."""
    found = (
        replace(each, chunks=tuple(chunk.light(0) for chunk in each.chunks[-1:]))
        for each in list_monitors(store, state_dir)
    )
    return WatchFacts(tuple(found), attempt_runs.newest_attempts(store))


@may_take(LONG)
def read_loop(store: Store, state_dir: Path) -> Loop:
    """Return the lines of all registered models, the most pressing first."""
    page = facts_page(store)
    facts = [*page.facts]
    while page.next_token:
        page = facts_page(store, page.next_token)
        facts += page.facts
    local = local_facts(store, state_dir)
    watched = watch_facts(store, state_dir)
    lines = by_need([loop_line(each, local, watched) for each in facts])
    return Loop(tuple(lines), time_ns() // 1_000_000)


def _listed(found: "model_registry.RegisteredModel") -> _Listed:
    model = model_of(found)
    versions = [version_of(each, found.aliases) for each in found.latest_versions]
    newest = max(versions, key=lambda each: int(each.version), default=None)
    number = champion_of(versions, Stage.PRODUCTION, "")
    production = next((each for each in versions if each.version == number), None)
    return _Listed(model, newest, production, Stage.PRODUCTION.value if production else "")


def _in_production(store: Store, listed: Sequence[_Listed]) -> list[_Listed]:
    """Let an alias say what is in production where no stage does."""
    aliases = {
        each.model.name: alias
        for each in listed
        if not each.production and (alias := production_alias(each.model))
    }
    wanted = [
        (each.model.name, each.model.aliases[aliases[each.model.name]])
        for each in listed
        if each.model.name in aliases
    ]
    found = versions_now(store, wanted) if wanted else {}
    named = {name: (f"@{aliases[name]}", version) for (name, _), version in found.items()}
    return [
        replace(each, production_by=by, production=version)
        for each in listed
        for by, version in [named.get(each.model.name, (each.production_by, each.production))]
    ]


def _runs(store: Store, listed: Sequence[_Listed]) -> Mapping[str, Run]:
    """Return the runs of the newest versions, and of those in production, by id."""
    versions = (version for each in listed for version in (each.production, each.newest))
    ids = dict.fromkeys(version.run_id for version in versions if version and version.run_id)
    return {run.run_id: run for run in read_runs_of_versions(store, [*ids])}


def _facts(listed: _Listed, runs: Mapping[str, Run], experiments: Mapping[str, str]) -> ModelFacts:
    model, newest, production = listed.model, listed.newest, listed.production
    champions = {stage: model.latest[stage] for stage in Stage if stage in model.latest}
    run = runs.get(newest.run_id) if newest else None
    trained = runs.get(production.run_id) if production else run
    data = next(iter(trained.datasets.items()), None) if trained else None
    number = production.version if production else ""
    stored = stored_rule(model.name, model.tags)
    return ModelFacts(
        name=model.name,
        production=number,
        production_by=listed.production_by if production else "",
        gate=_gate(production, model),
        data=DataVersion(*data) if data else None,
        newest=model.newest,
        newest_trouble=newest.trouble if newest else "",
        next_stage=next_stage(newest, model.tags, champions, production=number) if newest else None,
        last_run=LastRun(run.run_id, run.name, run.status, run.started_at) if run else None,
        experiment=experiments.get(run.experiment_id, "") if run else "",
        rule=stored.rule if stored else None,
        rule_problem=stored.problem if stored else "",
        updated_at=model.updated_at,
    )


def _gate(production: ModelVersion | None, model: RegisteredModel) -> GateState:
    """Return the state of the gate of Production for the version that is there."""
    if production is None:
        return GateState.NONE
    in_stage = model.latest.get(Stage.PRODUCTION, "")
    champion = "" if in_stage == production.version else in_stage
    return gate_state(production, Stage.PRODUCTION, model.tags, champion)


def _that_count(jobs: Iterator[ProcessRecord]) -> Iterator[ProcessRecord]:
    """Yield the jobs that go on, and of each experiment the newest that has ended."""
    seen: set[str] = set()
    for job in jobs:
        experiment = job.details.get("experiment", "")
        if job.state.is_active or (experiment and experiment not in seen):
            yield job
        if experiment:
            seen.add(experiment)
