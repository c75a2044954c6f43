"""Reading where models stand, from real stores and processes."""

from pathlib import Path

import pytest

from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.loop.model_facts import DataVersion, ModelFacts, NextStage
from mlops_tui.domain.loop.need import NeedKind
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.gate import gate_rules
from mlops_tui.services.loop import loop_reading
from mlops_tui.services.loop.loop_reading import facts_page, local_facts, read_loop
from mlops_tui.services.models import registration, registry_changes
from mlops_tui.services.processes import records
from mlops_tui.services.processes.child_environment import absolute
from tests.making import give_dataset, make_experiment, make_run, unique
from tests.services.models.test_registry import ELSEWHERE, move, plan
from tests.services.retraining.conftest import watched_model

RULES = '[[rule]]\nmetric = "accuracy"\nmin = 0.9'


def register(store: Store, name: str, run_id: str = "") -> None:
    registration.register(store, name=name, model=ELSEWHERE, run_id=run_id)


def facts_of(store: Store, name: str) -> ModelFacts:
    page = facts_page(store)
    while True:
        for facts in page.facts:
            if facts.name == name:
                return facts
        assert page.next_token, f"{name} is not among the models"
        page = facts_page(store, page.next_token)


def test_a_model_tells_its_data_its_runs_and_its_versions(any_store: Store) -> None:
    experiment, name = unique("Flowers"), unique("iris [red]")
    experiment_id = make_experiment(any_store, experiment)
    old = make_run(any_store, experiment_id, name="old")
    give_dataset(any_store, old, "held-out", "bbbb", context="testing")
    give_dataset(any_store, old, "iris", "aaaa")
    new = make_run(any_store, experiment_id, name="new", status="FAILED")
    register(any_store, name, old)
    register(any_store, name, new)
    move(any_store, plan(any_store, name, "1", Stage.PRODUCTION))
    gate_rules.write_rules(any_store, name, Stage.PRODUCTION, RULES, "")
    found = facts_of(any_store, name)
    assert (found.production, found.production_by, found.newest) == ("1", "Production", "2")
    assert found.data == DataVersion("iris", "aaaa")
    assert found.gate is GateState.MISSING
    assert found.next_stage == NextStage(Stage.PRODUCTION, GateState.MISSING)
    assert found.last_run is not None
    assert (found.last_run.name, found.last_run.status) == ("new", "FAILED")
    assert found.experiment == experiment


def test_without_a_stage_an_alias_says_what_is_in_production(any_store: Store) -> None:
    name, run_id = unique("wine"), make_run(any_store)
    give_dataset(any_store, run_id, "wine", "cccc")
    for run in (run_id, "", ""):
        register(any_store, name, run)
    registry_changes.set_alias(any_store, name, "champion", "1")
    found = facts_of(any_store, name)
    assert (found.production, found.production_by, found.newest) == ("1", "@champion", "3")
    assert found.data == DataVersion("wine", "cccc")
    assert found.gate is GateState.NONE
    assert (found.last_run, found.experiment) == (None, "")


def test_a_model_without_a_production_version_tells_the_data_of_its_newest(
    sqlite_store: Store,
) -> None:
    run_id = make_run(sqlite_store)
    give_dataset(sqlite_store, run_id, "wine", "cccc")
    register(sqlite_store, "wine", run_id)
    found = facts_of(sqlite_store, "wine")
    assert (found.production, found.data) == ("", DataVersion("wine", "cccc"))


def test_a_model_without_versions_is_a_model(sqlite_store: Store) -> None:
    from mlops_tui.services.store.store import client

    client(sqlite_store).create_registered_model("bare")
    found = facts_of(sqlite_store, "bare")
    assert (found.newest, found.next_stage, found.production) == ("", None, "")


def test_models_come_page_by_page(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop_reading, "FIRST_PAGE", 2)
    monkeypatch.setattr(loop_reading, "PAGE", 2)
    for name in "abcde":
        register(sqlite_store, name)
    page = facts_page(sqlite_store)
    assert [each.name for each in page.facts] == ["a", "b"]
    loop = read_loop(sqlite_store, Path("nowhere"))
    assert [line.model for line in loop.lines] == ["a", "b", "c", "d", "e"]


def test_a_store_that_does_not_exist_has_no_models_and_is_not_made(
    store: Store, tmp_path: Path
) -> None:
    assert read_loop(store, tmp_path / "state").lines == ()
    assert list(tmp_path.iterdir()) == []


def make_job(
    state_dir: Path, store: str, state: ProcessState, *, title: str = "forest", **details: str
) -> str:
    record = ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.JOB,
        title=title,
        command=("python",),
        cwd="/",
        environment=(),
        store=store,
        created_at=records.now(),
        state=state,
        details=details,
    )
    records.create(state_dir, record)
    return record.process_id


def test_of_each_experiment_the_newest_job_counts(sqlite_store: Store, tmp_path: Path) -> None:
    here = absolute(sqlite_store).label
    make_job(tmp_path, here, ProcessState.FINISHED, experiment="Flowers")
    make_job(tmp_path, here, ProcessState.FINISHED)
    make_job(tmp_path, "sqlite:////elsewhere.db", ProcessState.FAILED, experiment="Flowers")
    newest = make_job(tmp_path, here, ProcessState.FAILED, experiment="Flowers")
    found = local_facts(sqlite_store, tmp_path)
    assert [job.process_id for job in found.jobs] == [newest]
    assert found.servers == ()


def test_monitor_rule_and_attempt_stand_in_the_line_of_their_model(
    sqlite_store: Store, tmp_path: Path
) -> None:
    watched = watched_model(sqlite_store, tmp_path)
    watched.register()
    watched.drift(False, True)
    watched.set_rule(watched.job_that_ran().process_id)
    watched.look()
    (line,) = read_loop(sqlite_store, watched.state_dir).lines
    assert line.monitor is not None
    assert line.monitor.plan == watched.plan
    assert [chunk.number for chunk in line.monitor.chunks] == [2]
    assert line.facts.rule is not None
    assert line.attempt is not None
    assert line.attempt.waits_for_person
    assert line.need is not None
    assert (line.need.key, line.need.kind) == ("a", NeedKind.APPROVAL)
