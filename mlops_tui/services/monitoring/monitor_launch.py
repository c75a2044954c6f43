"""Starts the process of a monitor, which outlives whoever starts it."""

import shutil
import sys
from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.errors import Conflict, NotFound, ServiceError
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.processes.process import MONITOR_ID, ProcessKind, ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.services.files import small_files
from mlops_tui.services.launchers import processes
from mlops_tui.services.monitoring import monitor_folder
from mlops_tui.services.processes import child_environment, records
from mlops_tui.services.store.failures import translated
from mlops_tui.services.stores import job_tunnel

MODULE = "mlops_tui.services.monitor_process"
"""What is run; it imports this package, and is therefore only named here."""


def launch(store: Store, state_dir: Path, plan: MonitorPlan) -> ProcessRecord:
    """Start the process of a monitor; return its record. Raises ``Conflict`` where it runs."""
    # Several interfaces go on with the monitors of a machine at the same time.
    with (
        translated(),
        small_files.locked(monitor_folder.made(state_dir, plan.monitor_id) / "start"),
    ):
        return _launched(store, state_dir, plan)


def _launched(store: Store, state_dir: Path, plan: MonitorPlan) -> ProcessRecord:
    for record in of_monitor(state_dir, plan.monitor_id):
        if record.state.is_active:
            raise Conflict(f"The monitor {plan.title} runs already.", "Stop it first.")
        with suppress(ServiceError):
            processes.remove(state_dir, ProcessKind.MONITOR, record.process_id)
    process_id = records.new_id()
    folder = state_dir.absolute() / ProcessKind.MONITOR / process_id
    near = job_tunnel.start(store, folder)
    python = Path(sys.executable).absolute()
    given = child_environment.child_variables(near, python)
    # Files of a server are fetched there; the supervisor removes it at the end.
    given["TMPDIR"] = str(folder / "tmp")
    record = ProcessRecord(
        process_id=process_id,
        kind=ProcessKind.MONITOR,
        title=plan.title,
        command=(str(python), "-P", "-m", MODULE, str(state_dir.absolute()), plan.monitor_id),
        cwd=str(child_environment.working_directory(store)),
        environment=tuple(sorted(given)),
        store=child_environment.absolute(store).label,
        created_at=records.now(),
        details={MONITOR_ID: plan.monitor_id, "model": plan.model, "version": plan.version},
    )
    return processes.start(state_dir, record, child_environment.inherited() | given)


def of_monitor(state_dir: Path, monitor_id: str) -> tuple[ProcessRecord, ...]:
    """Return the processes of a monitor on this machine, newest first."""
    found = processes.list_processes(state_dir, ProcessKind.MONITOR)
    return tuple(each for each in found if each.details.get(MONITOR_ID) == monitor_id)


def forget(state_dir: Path, monitor_id: str) -> None:
    """Delete the rows that a monitor keeps here; its ended processes go with them."""
    for record in of_monitor(state_dir, monitor_id):
        with suppress(ServiceError, NotFound):
            processes.remove(state_dir, ProcessKind.MONITOR, record.process_id)
    shutil.rmtree(monitor_folder.folder_of(state_dir, monitor_id), ignore_errors=True)
