"""Submits jobs to Slurm."""

import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.domain.slurm.slurm_resources import SlurmResources, array_range
from mlops_tui.services.launchers import slurm_commands, slurm_id, slurm_jobs
from mlops_tui.services.processes import log_file, process_identity, records

LAUNCHER = "slurm"
"""Its name in records."""


def start(
    state_dir: Path,
    record: ProcessRecord,
    environ: Mapping[str, str],
    resources: SlurmResources,
    plan: str = "",
) -> ProcessRecord:
    """Queue the recorded command; return its record.

    The nodes must see the state directory, the Python we run in and the working directory under
    the same names. Raises ``ServiceError``; a refused job leaves nothing behind.
    """
    resources.checked()
    with _created(state_dir, [record], plan) as (folder,):
        flags = _flags(record, resources, folder)
        slurm_id.write(folder, slurm_commands.submit(flags, _script(folder), environ))
    return _submitted(folder, record)


def check_array(resources: SlurmResources, count: int, at_once: int) -> None:
    """Raise ``ServiceError`` where Slurm would refuse an array of so many tasks."""
    slurm_commands.check([_array(count, at_once), "--ntasks=1", *resources.checked().flags()])


def start_array(
    state_dir: Path,
    place: Path,
    tasks: Sequence[ProcessRecord],
    environ: Mapping[str, str],
    resources: SlurmResources,
    at_once: int,
) -> tuple[ProcessRecord, ...]:
    """Queue the recorded commands as one array, ``at_once`` of them together.

    ``place`` becomes the folder of the array, with the folders of its tasks by index.
    """
    resources.checked()
    place = place.absolute()
    with _created(state_dir, tasks) as folders, _removed_on_failure([place]):
        place.mkdir(mode=0o700)
        for index, folder in enumerate(folders):
            (place / str(index)).symlink_to(folder)
        flags = [_array(len(tasks), at_once), *_flags(tasks[0], resources, place, task="%a")]
        job_id = slurm_commands.submit(flags, _script(place), environ)
        for index, folder in enumerate(folders):
            slurm_id.write(folder, f"{job_id}_{index}")
    return tuple(map(_submitted, folders, tasks))


@contextmanager
def _created(
    state_dir: Path, tasks: Sequence[ProcessRecord], plan: str = ""
) -> Iterator[list[Path]]:
    """Make the records; give their folders, which go again when the submission fails.

    Should Slurm have taken the job all the same, the node finds no record and starts nothing.
    """
    me = os.getpid()
    since = process_identity.started_at(me)
    folders: list[Path] = []
    with _removed_on_failure(folders), _written(tasks[0]):
        for task in tasks:
            mine = replace(
                task,
                state=ProcessState.WAITING,
                launcher=LAUNCHER,
                supervisor_pid=me,
                supervisor_started_at=since,
                **process_identity.here(),
            )
            folder = records.create(state_dir, mine, plan).absolute()
            folders.append(folder)
            (folder / log_file.NAME).touch(mode=0o600)
        yield folders


@contextmanager
def _written(record: ProcessRecord) -> Iterator[None]:
    """Let what cannot be written be a failure with a sentence."""
    try:
        yield
    except OSError as error:
        raise records.not_started(record, error) from error


@contextmanager
def _removed_on_failure(folders: list[Path]) -> Iterator[None]:
    try:
        yield
    except BaseException:
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise


def _array(count: int, at_once: int) -> str:
    return f"--array={array_range(count, at_once)}"


def _flags(
    record: ProcessRecord, resources: SlurmResources, place: Path, task: str = ""
) -> list[str]:
    """Return how the batch script is run: once, where the log of the job is."""
    log = "/".join(filter(None, [str(place).replace("%", "%%"), task, log_file.NAME]))
    return [
        f"--job-name={one_line(record.title, 60)}",
        f"--chdir={place}",
        f"--output={log}",
        "--open-mode=append",
        "--input=/dev/null",
        "--ntasks=1",
        "--no-requeue",
        *resources.flags(),
    ]


def _script(place: Path) -> str:
    """Return the batch script. Of what a person typed, nothing is in it but the place."""
    command = [sys.executable, "-P", "-m", "mlops_tui.services.launchers.slurm_node", str(place)]
    return f"#!/bin/sh\nexec {shlex.join(command)}\n"


def _submitted(folder: Path, record: ProcessRecord) -> ProcessRecord:
    slurm_jobs.clear_cache()
    return slurm_jobs.reconcile(folder, records.read(folder) or record)
