"""All that is known of the gate of a version."""

from pathlib import Path

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.gate.gate_view import GateView
from mlops_tui.domain.gate.rules import rules_of
from mlops_tui.domain.gate.verdict import GateState, Verdict, champion_of, gate_state, note_of
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.services.gate.gate_job import active_gate
from mlops_tui.services.gate.verdicts import read_verdict
from mlops_tui.services.logs.logs import read_window
from mlops_tui.services.models.registry import list_versions
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client


@translated()
def read_gate(
    store: Store, state_dir: Path, model: str, number: str, stage: Stage, *, names: bool = True
) -> GateView:
    """Return the gate of a stage as it is for a version now.

    ``names`` of what a rule may be about are only read for whoever may write one.
    """
    versions = list_versions(store, model)
    version = next((each for each in versions if each.version == number), None)
    if version is None:
        raise NotFound(f"{model} has no version {number}.")
    tags = dict(client(store).get_registered_model(model).tags)
    job = active_gate(state_dir, model, number, stage)
    state = gate_state(version, stage, tags, champion_of(versions, stage, number))
    verdict, problem = _verdict(store, version, stage)
    metrics, datasets = _known(store, version) if names else ((), ())
    return GateView(
        version=version,
        stage=stage,
        text=rules_of(tags, stage),
        state=GateState.RUNNING if job else state,
        verdict=verdict,
        problem=problem,
        job=job,
        last_words=_last_words(state_dir, job) if job else "",
        metrics=metrics,
        datasets=datasets,
    )


def _verdict(store: Store, version: ModelVersion, stage: Stage) -> tuple[Verdict | None, str]:
    if note_of(version, stage) is None:
        return None, ""
    try:
        return read_verdict(store, version, stage), ""
    except ServiceError as error:
        return None, f"Its last verdict cannot be read: {error.message}"


def _known(store: Store, version: ModelVersion) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the metrics and the data sets of the version's run, by name."""
    if not version.run_id:
        return (), ()
    try:
        with translated():
            run = client(store).get_run(version.run_id)
    except ServiceError:
        return (), ()
    given = run.inputs.dataset_inputs if run.inputs else []
    return tuple(sorted(run.data.metrics)), tuple(sorted({each.dataset.name for each in given}))


def _last_words(state_dir: Path, job: ProcessRecord) -> str:
    try:
        window = read_window(state_dir, job.kind, job.process_id, first=None, most=20)
    except ServiceError:
        return ""
    lines = [line.text.strip() for line in window.lines]
    return next((line for line in reversed(lines) if line), "")
