"""Exporting a model: a supervised job in the model's own Python."""

from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.edge.export import (
    AGREEING,
    LARGEST_DIFFERENCE,
    MODEL_TAG,
    OUTPUT_TAG,
    ROWS,
    TIES,
    VERSION_TAG,
    ExportOutcome,
    ExportRequest,
)
from mlops_tui.domain.errors import InvalidInput, ServiceError
from mlops_tui.domain.gate.rule import RuleKind
from mlops_tui.domain.gate.rules import parse_rules
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.processes.process import EXPORT, ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.services.gate.gate_rules import read_rules
from mlops_tui.services.jobs.program_job import (
    ProgramJob,
    model_told,
    recorded_run,
    refuse_second,
    refuse_without_mlflow,
    start_program,
)
from mlops_tui.services.models.logged_models import logged_model_id
from mlops_tui.services.models.named_version import named_version
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client, ensure
from mlops_tui.services.worker.calls import LONG, may_take

PROGRAM = "export_program.export"
CONTEXTS = ("validation", "test", "testing", "eval", "evaluation")
"""Of data sets that a model is compared on rather than on others."""


@may_take(LONG)
@translated()
def launch_export(
    store: Store, state_dir: Path, python: Path | str, request: ExportRequest
) -> ProcessRecord:
    """Start the job that exports a model; return its record.

    An alias or a stage means the version that has it now. Raises ``ServiceError`` where it is
    clear before the start that nothing would come of it.
    """
    request.check()
    output = request.output_path
    _refuse_hopeless(state_dir, output)
    interpreter = Path(python).absolute()
    refuse_without_mlflow(interpreter, "the export")
    ensure(store)
    version = named_version(store, request.model_uri)
    plan = _plan(store, request, version)
    job = ProgramJob(
        module=PROGRAM,
        python=interpreter,
        title=str(plan["title"]),
        plan=plan,
        details={
            EXPORT: str(output or request.to),
            "model": str(plan["model"]),
            "version": str(plan["version"]),
        },
    )
    return start_program(store, state_dir, job)


def outcome(store: Store, job: ProcessRecord) -> ExportOutcome:
    """Return what a job that has ended well recorded. Raises ``NotFound``."""
    found = recorded_run(store, job)
    return ExportOutcome(
        run_id=found.run_id,
        model_uri=found.tags.get(MODEL_TAG, ""),
        version=found.tags.get(VERSION_TAG, ""),
        output=found.tags.get(OUTPUT_TAG, ""),
        rows=int(found.metrics.get(ROWS, 0)),
        agreeing=int(found.metrics.get(AGREEING, 0)),
        ties=int(found.metrics.get(TIES, 0)),
        largest_difference=found.metrics.get(LARGEST_DIFFERENCE, 0.0),
    )


def _refuse_hopeless(state_dir: Path, output: Path | None) -> None:
    if output is None:
        return
    if output.exists() or output.is_symlink():
        raise ServiceError(f"{output} exists.", "Delete it, or name another folder.")
    if not output.parent.is_dir():
        raise ServiceError(f"There is no folder {output.parent} for the bundle.")
    refuse_second(state_dir, EXPORT, output)


def _plan(store: Store, request: ExportRequest, version: ModelVersion | None) -> dict[str, object]:
    output = request.output_path
    return {
        **model_told(request.model_uri, version, request.folder),
        "model_id": _model_id(store, request, version),
        "run_id": version.run_id if version else "",
        "to": request.to,
        "hold_outs": _hold_outs(store, request, version),
        "is_hold_out_named": bool(request.data),
        "output": str(output.absolute()) if output else "",
        "register_as": request.register_as,
    }


def _model_id(store: Store, request: ExportRequest, version: ModelVersion | None) -> str:
    if version is not None:
        return logged_model_id(client(store), version)
    last = request.model_uri.rpartition("/")[2]
    return last if request.model_uri.startswith("models:/m-") else ""


def _hold_outs(
    store: Store, request: ExportRequest, version: ModelVersion | None
) -> list[dict[str, object]]:
    """Return where rows may be: in the named file, else where the gate or the run says."""
    if request.data:
        return [{"data": request.data}]
    if version is None:
        return []
    found = (_of_gate(store, version.name), _of_run(store, version.run_id))
    return [each for each in found if each]


def _of_gate(store: Store, name: str) -> dict[str, object]:
    for text in read_rules(store, name).values():
        with suppress(InvalidInput):  # a rule of a later version of mlops-tui
            for rule in parse_rules(text).rules:
                if rule.kind is RuleKind.EVALUATE:
                    return {k: v for k, v in rule.values.items() if k in ("data", "dataset")}
    return {}


def _of_run(store: Store, run_id: str) -> dict[str, object]:
    if not run_id:
        return {}
    given = client(store).get_run(run_id).inputs
    inputs = list(given.dataset_inputs) if given else []
    inputs.sort(key=lambda each: not any(tag.value in CONTEXTS for tag in each.tags))
    return {"dataset": inputs[0].dataset.name} if inputs else {}
