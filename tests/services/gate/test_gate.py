"""Gates of registered versions: what they write, what they refuse."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.data.file_state import FileState
from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound
from mlops_tui.domain.gate.verdict import GateState, gate_state
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.data.dataset_runs import runs_of_dataset
from mlops_tui.services.data.source_file import look_at
from mlops_tui.services.gate import gate_job, gate_rules
from mlops_tui.services.jobs import jobs
from mlops_tui.services.launchers import processes
from mlops_tui.services.model_programs.gate_program.gate import run
from mlops_tui.services.model_programs.problem import Problem
from mlops_tui.services.models.logged_models import logged_model_id
from mlops_tui.services.models.registration import register
from mlops_tui.services.models.registry import list_models
from mlops_tui.services.store import store as stores
from tests import detached
from tests.making import make_experiment, make_run
from tests.services.gate.conftest import Registered, blind, fitted, rows
from tests.services.models.test_registry import ELSEWHERE

RULES = """
[[rule]]
metric = "accuracy"
min = 0.9

[[rule]]
evaluate = "f1_macro"
data = "holdout.csv"
target = "label"
better_by = 0.005
"""


def test_a_verdict_is_in_mlflow_with_its_metrics_and_its_data(registered: Registered) -> None:
    store = registered.store
    registered.add(blind(), Stage.PRODUCTION)
    registered.add(fitted(), accuracy=0.95)
    gate_rules.write_rules(store, registered.name, Stage.PRODUCTION, RULES, "")
    verdict = registered.check("2", RULES)
    assert verdict.passed
    client = stores.client(store)
    version = registered.get("2")
    training, made = client.get_run(version.run_id), client.get_run(verdict.run_id)
    assert made.info.run_name == f"{training.info.run_name}-validation"
    assert made.info.experiment_id == training.info.experiment_id
    assert made.info.status == "FINISHED"
    assert made.data.tags["mlops_tui.kind"] == "gate"
    value = made.data.metrics["validation/f1_macro"]
    assert value == pytest.approx(verdict.results[1].candidate)
    assert made.inputs is not None
    (given,) = made.inputs.dataset_inputs
    assert given.tags[0].value == "validation"
    model = client.get_logged_model(logged_model_id(client, version))
    (measured,) = [one for one in model.metrics or () if one.key == "validation/f1_macro"]
    assert measured.value == pytest.approx(value)
    file = look_at(registered.folder, given.dataset.source, given.dataset.digest)
    assert (measured.dataset_digest, file.state) == (given.dataset.digest, FileState.SAME)
    found = runs_of_dataset(store, given.dataset.name, given.dataset.digest)
    assert verdict.run_id in {each.run_id for each in found.runs}
    noted = version.tags["validation_status"], version.tags["validation_run_id"]
    assert noted == ("passed", verdict.run_id)
    (tags,) = [each.tags for each in list_models(store) if each.name == registered.name]
    assert gate_state(version, Stage.PRODUCTION, tags, "1") is GateState.PASSED
    assert gate_state(version, Stage.PRODUCTION, tags, "") is GateState.STALE


def test_rules_are_changed_only_by_who_saw_the_present_ones(registered: Registered) -> None:
    store, name = registered.store, registered.name
    register(store, name=name, model=ELSEWHERE, run_id="")
    gate_rules.write_rules(store, name, Stage.STAGING, RULES, "")
    assert gate_rules.read_rules(store, name) == {Stage.STAGING: RULES.strip()}
    with pytest.raises(Conflict, match="changed meanwhile"):
        gate_rules.write_rules(store, name, Stage.STAGING, RULES, "")
    with pytest.raises(InvalidInput, match="Rule 1"):
        gate_rules.write_rules(store, name, Stage.STAGING, "[[rule]]\nx = 1", RULES)
    with pytest.raises(InvalidInput, match="Archived has no gate"):
        gate_rules.write_rules(store, name, Stage.ARCHIVED, RULES, "")
    gate_rules.write_rules(store, name, Stage.STAGING, "", RULES)
    assert gate_rules.read_rules(store, name) == {}
    with pytest.raises(NotFound, match="has no gate for Staging"):
        gate_rules.required_rules(store, name, Stage.STAGING)


def test_a_second_gate_of_a_version_is_refused_and_leaves_nothing(registered: Registered) -> None:
    registered.add(blind())
    plan = registered.plan("1", RULES)
    tags = {"mlops_tui.kind": "gate", "mlops_tui.model": registered.name}
    tags |= {"mlops_tui.version": "1", "mlops_tui.stage": "Production"}
    first = make_run(registered.store, registered.experiment_id, tags=tags, status="RUNNING")
    with pytest.raises(Problem, match=f"is run already, in run {first}"):
        run(plan)
    client = stores.client(registered.store)
    found = client.search_runs([registered.experiment_id], "tags.`mlops_tui.kind` = 'gate'")
    assert [each.info.run_id for each in found] == [first]
    assert "validation_status" not in registered.get("1").tags


def test_a_version_without_files_or_run_fails_its_gate(sqlite_store: Store, tmp_path: Path) -> None:
    bare = Registered(sqlite_store, "bare", tmp_path, "")
    register(sqlite_store, name="bare", model=ELSEWHERE, run_id="")
    verdict = bare.check("1", "[[rule]]\nexample = true\n[[rule]]\nmax_size_mb = 1")
    assert verdict.status == "failed"
    assert ["files of v1" in result.reason for result in verdict.results] == [True, True]
    made = stores.client(sqlite_store).get_run(verdict.run_id)
    assert made.info.run_name == "bare v1-validation"
    with pytest.raises(NotFound, match="has no version 7"):
        bare.plan("7", RULES)


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    with detached.nothing_left_behind():
        yield tmp_path / "state"


@pytest.mark.process
@pytest.mark.slow
def test_a_gate_that_is_stopped_half_way_leaves_no_verdict(
    sqlite_store: Store, tmp_path: Path, state_dir: Path
) -> None:
    flowers = Registered(sqlite_store, "Flowers", tmp_path, make_experiment(sqlite_store))
    flowers.add(fitted())
    rows(50).to_csv(tmp_path / "holdout.csv", index=False)
    (tmp_path / "slow_scores.py").write_text(
        "import pathlib, time\n"
        "def wait(truth, found):\n"
        f"    pathlib.Path({str(tmp_path / 'begun')!r}).touch()\n"
        "    time.sleep(3600)\n"
    )
    text = RULES.replace("f1_macro", "slow_scores:wait").replace("better_by", "min")
    request = gate_job.GateRequest("Flowers", "1", Stage.PRODUCTION, tmp_path, text)
    record = gate_job.launch_gate(sqlite_store, state_dir, sys.executable, request)
    assert record.program == "gate Production"
    detached.wait_for((tmp_path / "begun").exists)
    with pytest.raises(Conflict, match="is run already"):
        gate_job.launch_gate(sqlite_store, state_dir, sys.executable, request)
    jobs.stop_job(sqlite_store, state_dir, record.process_id)
    detached.wait_for(
        lambda: not processes.get(state_dir, record.kind, record.process_id).is_underway
    )
    ended = processes.get(state_dir, record.kind, record.process_id)
    assert ended.state is ProcessState.STOPPED
    assert "validation_status" not in flowers.get("1").tags
    client = stores.client(sqlite_store)
    (made,) = client.search_runs([flowers.experiment_id], "tags.`mlops_tui.kind` = 'gate'")
    assert made.info.status == "KILLED"
