"""Running the gate of a version: a supervised job in the model's own Python."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import Conflict, InvalidInput, NotFound, ServiceError, Unreachable
from mlops_tui.domain.gate.rule import Rule
from mlops_tui.domain.gate.rules import GateRules, gate_tag, parse_rules
from mlops_tui.domain.gate.verdict import champion_of
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import EventKind, RegistryEvent
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import GATE, ProcessKind, ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments.experiments import create_experiment
from mlops_tui.services.gate.gate_rules import read_rules, required_rules
from mlops_tui.services.jobs.program_job import ProgramJob, refuse_without_mlflow, start_program
from mlops_tui.services.launchers import processes
from mlops_tui.services.models import history
from mlops_tui.services.models.event_runs import event_tags, run_name
from mlops_tui.services.models.logged_models import logged_model_id
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.processes import child_environment
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, ensure

if TYPE_CHECKING:
    from mlflow import MlflowClient

PROGRAM = "gate_program.gate"
AFTER = "(verdict)"
"""Stands in the event for what only the program knows."""
EXPERIMENT = "Model validation"
"""Where a version without a run is validated."""


@dataclass(frozen=True, slots=True)
class GateRequest:
    """Which gate is to be run for which version; ``text`` are other rules than the stored ones."""

    model: str
    version: str
    stage: Stage
    folder: Path
    """Where paths and modules of the rules are looked for."""
    text: str = ""


@translated()
def launch_gate(
    store: Store, state_dir: Path, python: Path | str, request: GateRequest
) -> ProcessRecord:
    """Start the job that runs a gate; return its record. Raises ``Conflict`` for a second one."""
    rules = _rules(store, request)
    _refuse_second(store, state_dir, request)
    interpreter = Path(python).absolute()
    refuse_without_mlflow(interpreter, "the gate")
    job = ProgramJob(
        module=PROGRAM,
        python=interpreter,
        title=f"{request.model} v{request.version}",
        plan=gate_plan(store, request, rules),
        details={GATE: request.stage.value, "model": request.model, "version": request.version},
    )
    return start_program(store, state_dir, job)


def active_gate(state_dir: Path, model: str, version: str, stage: Stage) -> ProcessRecord | None:
    """Return the job that runs the gate of a version here, None where none does."""
    found = processes.list_processes(state_dir, ProcessKind.JOB)
    wanted = {GATE: stage.value, "model": model, "version": version}
    return next((r for r in found if r.is_underway and wanted.items() <= r.details.items()), None)


def _rules(store: Store, request: GateRequest) -> GateRules:
    if request.text:
        return parse_rules(request.text)
    return required_rules(store, request.model, request.stage)


def _version(request: GateRequest, versions: Sequence[ModelVersion]) -> ModelVersion:
    version = next((each for each in versions if each.version == request.version), None)
    if version is None:
        raise NotFound(f"{request.model} has no version {request.version}.")
    if not version.is_ready:
        raise Conflict(f"{request.model} v{request.version} is not ready: {version.trouble}.")
    return version


def _refuse_second(store: Store, state_dir: Path, request: GateRequest) -> None:
    running = active_gate(state_dir, request.model, request.version, request.stage)
    if running is not None and running.store == child_environment.absolute(store).label:
        raise Conflict(
            f"The gate of {request.model} v{request.version} is run already.",
            f"Wait for its end, or stop it: mlops-tui stop {running.process_id}.",
        )


@translated()
def gate_plan(store: Store, request: GateRequest, rules: GateRules) -> dict[str, object]:
    """Return what the program is told."""
    versions = list_versions(store, request.model)
    version = _version(request, versions)
    ensure(store)
    mlflow_client = client(store)
    number = champion_of(versions, request.stage, request.version)
    champion = next((each for each in versions if each.version == number), None)
    experiment_id, run_name = _training(store, mlflow_client, version)
    return {
        "model": request.model,
        "version": version.version,
        "created_at": version.created_at,
        "stage": request.stage.value,
        "tag": gate_tag(request.stage),
        "address": version.address,
        "run_id": version.run_id if run_name else "",
        "model_id": logged_model_id(mlflow_client, version),
        "experiment_id": experiment_id,
        "run_name": f"{run_name or f'{request.model} v{version.version}'}-validation",
        "champion": number,
        "champion_address": champion.address if champion else "",
        "champion_run_id": champion.run_id if champion else "",
        "folder": str(request.folder.absolute()),
        "digest": rules.digest,
        "text": rules.text,
        "rules": [_told(rule) for rule in rules.rules],
        "is_trial": (trial := _is_trial(store, request, rules)),
        "event": None if trial else _event(store, mlflow_client, request),
    }


def _is_trial(store: Store, request: GateRequest, rules: GateRules) -> bool:
    """Return whether the rules are not those of the stage: then their verdict does not count."""
    if not request.text:
        return False
    text = read_rules(store, request.model).get(request.stage, "")
    try:
        return not text or parse_rules(text).digest != rules.digest
    except InvalidInput:
        return True


def _event(
    store: Store, mlflow_client: "MlflowClient", request: GateRequest
) -> dict[str, object] | None:
    """Return what the program is to write to the history, None where that cannot be written."""
    event = RegistryEvent(
        request.model, EventKind.GATE, request.version, request.stage.value, after=AFTER
    )
    event = replace(event, gate_run=AFTER)
    try:
        experiment_id = history.begin(store, mlflow_client)
    except Unreachable:
        raise
    except ServiceError:
        return None
    key = history.created(mlflow_client.get_registered_model(request.model))
    tags = event_tags(event, key, history.who(store))
    return {"experiment_id": experiment_id, "tags": tags, "name": run_name(event)}


def _told(rule: Rule) -> dict[str, object]:
    values = {**rule.values, "lower_is_better": rule.lower_is_better}
    told = {"kind": rule.kind.value, "text": rule.describe(), "limit": rule.limit}
    return {**told, "values": values}


def _training(
    store: Store, mlflow_client: "MlflowClient", version: ModelVersion
) -> tuple[str, str]:
    """Return experiment and name of the run that a version came from; no name where it has none."""
    if version.run_id:
        try:
            with translated():
                run = mlflow_client.get_run(version.run_id)
            return str(run.info.experiment_id), run.info.run_name or version.run_id
        except NotFound:
            pass
    found = mlflow_client.get_experiment_by_name(EXPERIMENT)
    return (found or create_experiment(store, EXPERIMENT)).experiment_id, ""
