"""Compares the records of jobs with Slurm's queue, and asks Slurm to end them."""

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState, Settlement
from mlops_tui.domain.slurm.slurm import SENTENCES, SlurmJob, is_over_memory, job_of
from mlops_tui.services.launchers import slurm_commands, slurm_id
from mlops_tui.services.launchers.reconcile import unsettled
from mlops_tui.services.processes import log_file, recorded_process, records, stop_request

QUEUE_AGE = 10.0
"""Seconds for which Slurm is not asked again: its controller serves the whole cluster."""
UNSUBMITTED = "Whoever submitted it to Slurm is gone; it may not have been queued."
FORGOTTEN = "Slurm does not know it any more, and it has left no exit code."
REQUEST_IS_KEPT = "The request is kept: the job ends as soon as its node sees it."
UNEXPLAINED = "It left no exit code."

_cached_queue: dict[str, tuple[float, dict[str, SlurmJob] | ServiceError]] = {}


def reconcile(folder: Path, record: ProcessRecord) -> ProcessRecord:
    """Return the record of a job that had not ended, as it is true now.

    Where Slurm says that it is over and the node has left no end, that is written down.
    """
    if record.is_settling and recorded_process.is_supervised(record):
        return record  # from here
    job_id = slurm_id.read(folder)
    if not job_id:
        return _being_submitted(record)
    try:
        job = job_of(_queue(QUEUE_AGE), job_id)
        if job is None or not job.state.is_active:
            job = job_of(_queue(0.0), job_id) or slurm_commands.accounted(job_id)
    except ServiceError as error:
        return record if record.is_settling else replace(record, reason=f"Unsure: {error}")
    written = records.read(folder) or record
    if not written.state.is_active:
        is_there = job is not None and job.state.is_active
        return written if is_there else unsettled(written)
    if job and job.state.is_active:
        return _alive(folder, written, job)
    ended = _gone(folder, written, job)
    # Where it cannot be written now, the next look finds it out again.
    with suppress(OSError):
        records.write(folder, ended)
    return unsettled(ended)


def stop(folder: Path, record: ProcessRecord) -> str:
    """Ask the job to end and settle its runs; the second time, let Slurm end it.

    Return why that takes longer: where Slurm does not answer, the node sees the request later.
    Raises ``ServiceError``.
    """
    again = stop_request.is_requested(folder)
    _keep_request(folder)
    job_id = slurm_id.read(folder)
    if not job_id:
        raise ServiceError(f"{record.title} is still being submitted.", "Try again in a moment.")
    try:
        (slurm_commands.cancel if again else slurm_commands.ask_to_end)(job_id)
    except Unreachable as error:
        if not stop_request.is_requested(folder):
            raise
        return f"{error.message} {REQUEST_IS_KEPT}"
    clear_cache()
    return ""


def stop_all(folders: Iterable[Path]) -> None:
    """Ask jobs to end as ``stop`` does, with no more commands than for one."""
    folders = list(folders)
    for folder in folders:
        _keep_request(folder)
    if job_ids := list(filter(None, map(slurm_id.read, folders))):
        slurm_commands.ask_to_end(*job_ids)
        clear_cache()


def _keep_request(folder: Path) -> None:
    """Write the request down. Slurm is asked all the same where there is no room."""
    with suppress(OSError):
        stop_request.create(folder)


def clear_cache() -> None:
    """Ask Slurm again at the next look, since we have changed its queue."""
    _cached_queue.clear()


def _queue(age: float) -> dict[str, SlurmJob]:
    """Return our jobs in Slurm, at most so many seconds old; raise its last failure again."""
    asked, answer = _cached_queue.get("queue", (0.0, {}))
    if not asked or time.monotonic() - asked >= age:
        try:
            answer = slurm_commands.queue()
        except ServiceError as error:
            answer = error
        _cached_queue["queue"] = time.monotonic(), answer
    if isinstance(answer, ServiceError):
        raise answer
    return answer


def _being_submitted(record: ProcessRecord) -> ProcessRecord:
    if recorded_process.is_supervised(record):
        return record
    if recorded_process.is_elsewhere(record):
        reason = f"It was being submitted to Slurm on {record.host}."
        return replace(record, state=ProcessState.ELSEWHERE, reason=reason)
    return replace(record, state=ProcessState.LOST, reason=UNSUBMITTED)


def _alive(folder: Path, record: ProcessRecord, job: SlurmJob) -> ProcessRecord:
    details = {**record.details, "slurm_job": job.job_id}
    stopping = stop_request.is_requested(folder)
    state = record.state if record.started_at else ProcessState.WAITING
    state = ProcessState.STOPPING if stopping else state
    suspended_at = _suspended_at(record, job)
    return replace(
        record, state=state, reason=job.sentence, details=details, stood_still_at=suspended_at
    )


def _suspended_at(record: ProcessRecord, job: SlurmJob) -> int | None:
    """Return up to when the time of a suspended job is counted, None of one that runs."""
    if not job.is_suspended or record.counted_since is None or job.used is None:
        return None
    return record.counted_since + job.used


def _gone(folder: Path, record: ProcessRecord, job: SlurmJob | None) -> ProcessRecord:
    """Return the end of a job as Slurm has it, since the node left none.

    Of a job that had started the runs are still to be settled.
    """
    ended_at = record.ended_at or log_file.last_written(folder, record) or records.now()
    ended = replace(record, ended_at=ended_at)
    if job is not None:
        ended = replace(ended, details={**record.details, "slurm_job": job.job_id})
    if record.started_at:
        state, reason = _cut_off(folder, record, job)
        settlement = Settlement.PENDING if record.kind is ProcessKind.JOB else Settlement.NOT_DUE
        return replace(ended, state=state, reason=reason, settlement=settlement)
    if job is None:
        return replace(ended, state=ProcessState.LOST, reason=FORGOTTEN)
    if job.state is ProcessState.STOPPED and stop_request.is_requested(folder):
        return replace(ended, state=ProcessState.STOPPED, reason="")
    words = log_file.last_words(folder / log_file.NAME)
    state = ProcessState.LOST if job.state is ProcessState.FINISHED else job.state
    return replace(ended, state=state, reason=f"{job.sentence or UNEXPLAINED} {words}".strip())


def _cut_off(folder: Path, record: ProcessRecord, job: SlurmJob | None) -> tuple[ProcessState, str]:
    """Return what became of a job that was ended with its supervisor, with the reason."""
    if record.exit_code == 0:
        return ProcessState.FINISHED, ""
    if is_over_memory(log_file.tail(folder / log_file.NAME)):
        return ProcessState.FAILED, SENTENCES["OUT_OF_MEMORY"]
    if job is None and record.exit_code is None:
        return ProcessState.LOST, FORGOTTEN
    sentence = job.sentence if job else ""
    if job is None or job.state is ProcessState.FINISHED:
        is_known = record.exit_code is not None
        state = ProcessState.FAILED if is_known else ProcessState.LOST
        return state, f"Exit code {record.exit_code}." if is_known else UNEXPLAINED
    is_explained = job.word in SENTENCES and job.state is not ProcessState.LOST
    unexplained = "" if is_explained else UNEXPLAINED
    return job.state, f"{sentence} {unexplained}".strip()
