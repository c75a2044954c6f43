"""Trials that run on a cluster, each as a task of an array job."""

import json
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.jobs.job_spec import JobSpec
from mlops_tui.domain.processes.process import (
    RUN_TAGS,
    TRIAL_OF,
    ProcessKind,
    ProcessRecord,
    ProcessState,
)
from mlops_tui.domain.runs.run import JOB_TAG
from mlops_tui.domain.sweeps.trial import TrialEnd, TrialState
from mlops_tui.services.launchers import processes
from mlops_tui.services.launchers.launcher import Arrays
from mlops_tui.services.processes import records

TASKS = "tasks"
"""Folder beside the record of a sweep: for each of its tasks the folder of the trial's job."""


class TrialArray:
    """Submits all trials together; the cluster runs some of them at once."""

    room = sys.maxsize
    pause = 2.0

    def __init__(
        self,
        arrays: Arrays,
        folder: Path,
        sweep: ProcessRecord,
        environ: Mapping[str, str],
        at_once: int,
    ) -> None:
        self._arrays = arrays
        self._folder = folder
        self._sweep = sweep
        self._environ = environ
        self._at_once = at_once
        self._tasks: dict[int, TrialTask] = {}

    def start(self, jobs: Mapping[int, JobSpec]) -> "Mapping[int, TrialTask]":
        """Queue trials by number. Raises ``ServiceError`` where the cluster refuses them."""
        planned = {number: self._planned(number, job) for number, job in jobs.items()}
        resources = next(iter(jobs.values())).resources
        state_dir = self._folder.parent.parent
        self._arrays.start(
            state_dir,
            self._folder / TASKS,
            list(planned.values()),
            self._environ,
            resources,
            self._at_once,
        )
        self._tasks = {n: TrialTask(state_dir, task.process_id) for n, task in planned.items()}
        return self._tasks

    def stop(self, numbers: Iterable[int]) -> None:
        """Ask trials to end, all of them in one go."""
        asked = [self._tasks[number] for number in numbers]
        for task in asked:
            task.is_asked_to_end = True
        # Where the cluster does not answer, the nodes see the request, and start nothing.
        with suppress(ServiceError):
            self._arrays.stop([self._folder.parent / task.job_id for task in asked])

    def why_waiting(self) -> str:
        """Return why the first task waits, as long as no task runs."""
        waiting = [task.waits_for for task in self._tasks.values()]
        return waiting[0] if all(waiting) and waiting else ""

    def _planned(self, number: int, job: JobSpec) -> ProcessRecord:
        own = {TRIAL_OF: self._sweep.process_id, RUN_TAGS: json.dumps(dict(job.tags))}
        return ProcessRecord(
            process_id=job.tags[JOB_TAG],
            kind=ProcessKind.JOB,
            title=f"{self._sweep.title}: trial {number}",
            command=job.command,
            cwd=self._sweep.cwd,
            environment=self._sweep.environment,
            store=self._sweep.store,
            # A later one is listed as younger.
            created_at=records.now() + number,
            details=job.details() | own,
        )


class TrialTask:
    """A trial as the job that it is on the cluster."""

    def __init__(self, state_dir: Path, job_id: str) -> None:
        self.job_id = job_id
        self.is_asked_to_end = False
        self.waits_for = ""
        """Why it waits, empty where it does not."""
        self._state_dir = state_dir
        self._has_started = False

    @property
    def is_going(self) -> bool:
        """Whether it runs, and nobody wants its end."""
        return self._has_started and not self.is_asked_to_end

    def end(self) -> TrialEnd | None:
        """Return how it ended, as far as its job tells; None while it waits or runs."""
        try:
            now = processes.get(self._state_dir, ProcessKind.JOB, self.job_id)
        except NotFound:
            return TrialState.STOPPED, ""
        self._has_started = now.started_at is not None
        self.waits_for = now.reason if now.state is ProcessState.WAITING else ""
        if now.state.is_active:
            return None
        if now.state is ProcessState.FINISHED:
            return TrialState.COMPLETE, ""
        if now.state is ProcessState.STOPPED:
            return (TrialState.PRUNED if self.is_asked_to_end else TrialState.STOPPED), ""
        return TrialState.FAILED, now.reason
