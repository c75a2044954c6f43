"""Starts the story of the demo as a job of its own, which outlives the interface."""

from pathlib import Path

from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.processes.process import SUBMITS, ProcessKind, ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes
from mlops_tui.services.models.registry import list_models
from mlops_tui.services.processes import child_environment, records
from mlops_tui.services.store.store import ensure
from mlops_tui.services.worker.calls import is_kept

MODULE = "mlops_tui.services.demo"
MODEL = "loans"
"""The model of the story."""
FOLDER = "demo-data"
"""Beside the store."""
TITLE = "demo story"


@is_kept
def begin(store: Store, state_dir: Path, python: Path | str) -> ProcessRecord:
    """Start the story. Raises ``Conflict`` where it was told in this store already.

    It takes no slot: the trainings that it launches need one.
    """
    for job in processes.list_processes(state_dir, ProcessKind.JOB):
        if job.title == TITLE and job.state.is_active:
            raise Conflict("The story is being told: its log is in Training.")
    if any(model.name == MODEL for model in list_models(store)):
        raise Conflict(
            f"There is a model {MODEL} already: the story was told here.",
            "Open another demo directory: mlops-tui demo DIR.",
        )
    ensure(store)
    interpreter = Path(python).absolute()
    folder = child_environment.working_directory(store)
    given = child_environment.child_variables(store, interpreter)
    record = ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.JOB,
        title=TITLE,
        command=(
            *(str(interpreter), "-P", "-m", MODULE),
            *(str(state_dir.absolute()), str(folder / FOLDER)),
        ),
        cwd=str(folder),
        environment=tuple(sorted(given)),
        store=child_environment.absolute(store).label,
        created_at=records.now(),
        details={"recipe": "demo", SUBMITS: "true", "python": str(interpreter)},
    )
    return processes.start(state_dir, record, child_environment.inherited() | given)
