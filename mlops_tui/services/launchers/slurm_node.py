"""The supervisor of a job on a node of Slurm: ``python -m`` this module, with its place.

It is what the batch script becomes: it does on the node what the detached supervisor does on this
machine, with the same record, through the shared file system. Slurm's SIGTERM (a time limit, a
``scancel``) makes it end the job and settle its runs before Slurm's SIGKILL comes. ``PLACE`` is
the folder of the job's record, or of an array: there, each task's folder by its index.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.processes.process import RUN_TAGS, ProcessRecord, ProcessState
from mlops_tui.domain.runs.run import JOB_TAG
from mlops_tui.domain.slurm.slurm import SENTENCES, SlurmJob, is_over_memory
from mlops_tui.services.launchers import slurm_commands, slurm_id, supervisor
from mlops_tui.services.launchers.process_end import Verdict
from mlops_tui.services.processes import (
    log_file,
    memory_kills,
    patient_write,
    process_identity,
    process_tree,
    records,
    stop_request,
    suspension,
)
from mlops_tui.services.processes.ignored_signals import ignore_signals

KILLED = 128 + signal.SIGKILL
"""The exit code of what was killed, itself or below a shell."""


def main(place: Path) -> int:
    """See the job through; return the exit code that Slurm shall show."""
    task = os.environ.get("SLURM_ARRAY_TASK_ID", "")
    folder = (place / task).resolve()
    record = records.read(folder) if folder.is_dir() else None
    if record is None or not record.state.is_active:
        sys.stderr.write(f"{folder} holds no job to start.\n")
        return 1
    _identify(folder, record)
    signals: list[int] = []

    def end(number: int, _frame: object) -> None:
        signals.append(number)
        now = records.read(folder)
        # Its runs are still to be settled where it has ended: a request would skip that.
        if now is None or now.ended_at is None:
            stop_request.create_or_remember(folder)

    ignore_signals()
    signal.signal(signal.SIGTERM, end)
    suspension.notice()
    process_tree.adopt_orphans()
    supervisor.supervise(
        folder,
        lambda: None,
        lambda ended: _ended_by_slurm(folder, ended, signals),
        # Slurm gave the job a room of its own, which waiting would keep from others.
        shares_machine=False,
    )
    return _code(records.read(folder))


def own_id() -> str:
    """Return the id of the job that this process runs in, as ``squeue`` writes it."""
    array, task = os.environ.get("SLURM_ARRAY_JOB_ID"), os.environ.get("SLURM_ARRAY_TASK_ID")
    return f"{array}_{task}" if array else os.environ.get("SLURM_JOB_ID", "")


def _identify(folder: Path, record: ProcessRecord) -> None:
    """Write down where it runs; let the runs of the job carry its tag, whichever task it is."""
    with suppress(OSError):  # whoever has submitted it writes it, too
        slurm_id.write(folder, own_id())
    here = replace(record, **process_identity.here())
    patient_write.write(folder, replace(here, details={**record.details, "slurm_job": own_id()}))
    context = {}
    with suppress(ValueError, KeyError):
        context = json.loads(record.details.get(RUN_TAGS) or os.environ["MLFLOW_RUN_CONTEXT"])
    os.environ["MLFLOW_RUN_CONTEXT"] = json.dumps({**context, JOB_TAG: record.process_id})


def _ended_by_slurm(folder: Path, record: ProcessRecord, signals: list[int]) -> Verdict | None:
    """Return what was done to the job from outside, None where it ended by itself.

    Slurm calls it OUT_OF_MEMORY only when we, too, are gone; the kernel tells at once, or the log.
    """
    if record.exit_code == 0:
        return None
    is_killed = _code(record) == KILLED
    if is_over_memory(log_file.tail(folder / log_file.NAME)) or (
        not signals and is_killed and memory_kills.count() > 0
    ):
        return ProcessState.FAILED, SENTENCES["OUT_OF_MEMORY"]
    if not signals:
        return None
    job = _queued_job()
    return job.cause() if job else (ProcessState.STOPPED, "")


def _queued_job() -> SlurmJob | None:
    with suppress(ServiceError):
        return slurm_commands.queue().get(own_id())
    return None


def _code(record: ProcessRecord | None) -> int:
    """Return the exit code as a shell would: 128 and the number of the signal that ended it."""
    code = record.exit_code if record else None
    if code is None:
        return 1
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
