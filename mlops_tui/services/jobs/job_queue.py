"""The queue of training jobs, from the side of a person."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import Conflict, InvalidInput, ServiceError
from mlops_tui.domain.jobs.job_queue import MOST_SLOTS, JobQueue, QueuePreferences, queue_of
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.services.files import state_directory
from mlops_tui.services.launchers import gpus, processes, queue_files
from mlops_tui.services.processes import recorded_process


def read_jobs(state_dir: Path) -> tuple[tuple[ProcessRecord, ...], JobQueue]:
    """Return the jobs as they are now, newest first, with the queue of this machine."""
    return _read_jobs(state_dir, _usual_slots(state_dir))


def hold(state_dir: Path, job_id: str) -> None:
    """Let a waiting job not start; it keeps its place."""
    with _changing(state_dir, job_id) as (preferences, _):
        held = preferences.held | {job_id}
        queue_files.write_preferences(state_dir, replace(preferences, held=held))


def release(state_dir: Path, job_id: str) -> None:
    """Let a held job start when it is its turn."""
    with _changing(state_dir, job_id) as (preferences, _):
        held = preferences.held - {job_id}
        queue_files.write_preferences(state_dir, replace(preferences, held=held))


def move(state_dir: Path, job_id: str, places: int) -> int:
    """Let a waiting job start so many places later, or earlier; return by how many it was."""
    with _changing(state_dir, job_id) as (preferences, queue):
        order = queue.moved(job_id, places)
        queue_files.write_preferences(state_dir, replace(preferences, order=order))
        return order.index(job_id) + 1 - queue.position(job_id)


def set_slots(state_dir: Path, slots: int | None) -> int | None:
    """Let so many jobs run at once, None for what the machine suggests; return what it was."""
    if slots is not None and not 0 <= slots <= MOST_SLOTS:
        raise InvalidInput(f"The number of slots is from 0 to {MOST_SLOTS}, not {slots}.")
    state_directory.make(state_dir)
    with _changing(state_dir) as (preferences, _):
        queue_files.write_preferences(state_dir, replace(preferences, slots=slots))
    return preferences.slots


@contextmanager
def _changing(state_dir: Path, job_id: str = "") -> Iterator[tuple[QueuePreferences, JobQueue]]:
    """Let nobody else decide while the preferences are changed; the job named has to wait still."""
    if job_id:
        processes.get(state_dir, ProcessKind.JOB, job_id)
    usual = _usual_slots(state_dir)
    with queue_files.locked(state_dir):
        jobs, queue = _read_jobs(state_dir, usual)
        if job_id and not queue.position(job_id):
            found = next(job for job in jobs if job.process_id == job_id)
            raise Conflict(f"{found.title} does not wait: it is {found.state.value}.")
        preferences = queue_files.read_preferences(state_dir)
        active = {job.process_id for job in jobs if job.state.is_active}
        order = tuple(each for each in preferences.order if each in active)
        try:
            yield replace(preferences, order=order, held=preferences.held & active), queue
        except OSError as error:
            raise ServiceError(f"The queue cannot be changed: {error}") from error


def _read_jobs(state_dir: Path, usual: int) -> tuple[tuple[ProcessRecord, ...], JobQueue]:
    jobs = processes.list_processes(state_dir, ProcessKind.JOB)
    here = (job for job in jobs if job.is_underway and not recorded_process.is_elsewhere(job))
    return jobs, queue_of(here, queue_files.read_preferences(state_dir), usual)


def _usual_slots(state_dir: Path) -> int:
    """Return the number of slots if nobody wants another; never asked for under the lock."""
    return gpus.usual_slots(gpus.usable_gpus(state_dir, os.environ))
