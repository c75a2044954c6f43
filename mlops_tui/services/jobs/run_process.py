"""Which process on this machine makes a run."""

import getpass
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mlops_tui.domain.jobs.run_process import (
    SOURCE_TAG,
    RunProcess,
    is_same_host,
    named_host,
    named_pid,
    runs_source,
)
from mlops_tui.domain.processes.process import RUN, ProcessKind, ProcessRecord
from mlops_tui.domain.processes.running_process import RunningProcess, looks_like_training
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs.attachment import OURS, described, is_below, is_own
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import process_identity
from mlops_tui.services.runs.mlflow_run import run_of
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client

if TYPE_CHECKING:
    import psutil

RUN_ID = "MLFLOW_RUN_ID"
"""The variable by which a process is told which run it makes."""
LATE = 2_000
"""Milliseconds by which a process may seem younger than its run: clocks are read twice."""


@translated()
def find_process(store: Store, state_dir: Path, run_id: str) -> RunProcess:
    """Return the process that makes a run, or those that may, or why none is found.

    Certain are the process that the run's tags name with its host, unless it is younger than the
    run, and the only one that was told to make this run. One of the same program is a guess.
    """
    run = run_of(client(store).get_run(run_id))
    if job := _listed(state_dir, run):
        return RunProcess(run, job=job)
    if run.status not in OPEN:
        return RunProcess(run)
    host, pid = named_host(run.tags), named_pid(run.tags)
    if host and not is_same_host(host, process_identity.host()):
        return RunProcess(run, why_not=f"It runs on {host}, as a tag says: its log is there.")
    named = _of_pid(pid) if pid else None
    if named and host and _is_old_enough(named, run):
        return RunProcess(run, certain=named)
    told = _found(lambda process: process.environ().get(RUN_ID) == run_id)
    if len(told) == 1:
        return RunProcess(run, certain=told[0])
    guesses = told or ((named,) if named else ()) or _that_run_its_source(run)
    return RunProcess(run, guesses=guesses, why_not="" if guesses else _why_not(run, pid))


def _listed(state_dir: Path, run: Run) -> ProcessRecord | None:
    """Return the job that made the run, or is attached to it."""
    for job in processes.list_processes(state_dir, ProcessKind.JOB):
        attached = job.details.get(RUN) == run.run_id and job.state.is_active
        if attached or job.process_id == run.job_id:
            return job
    return None


def _of_pid(pid: int) -> RunningProcess | None:
    import psutil

    with suppress(psutil.Error, ValueError, OverflowError):
        process = psutil.Process(pid)
        if is_own(process) and looks_like_training(process.cmdline()):
            return described(process)
    return None


def _found(fits: Callable[["psutil.Process"], bool]) -> tuple[RunningProcess, ...]:
    """Return the person's own training that fits, newest first, without what it has started."""
    import psutil

    found: dict[int, RunningProcess] = {}
    parents: dict[int, int] = {}
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            parents[process.pid] = process.ppid()
            if not (is_own(process) and looks_like_training(process.cmdline()) and fits(process)):
                continue
            running = described(process)
            if running and not any(map(OURS.search, running.command)):
                found[process.pid] = running
    kept = (p for p in found.values() if not is_below(p.pid, parents, found.keys() - {p.pid}))
    return tuple(sorted(kept, key=lambda each: (each.started_at, each.pid), reverse=True))


def _that_run_its_source(run: Run) -> tuple[RunningProcess, ...]:
    """Return those of the program that is its source, started before it by the same user."""
    source, user = run.tags.get(SOURCE_TAG, ""), run.tags.get("mlflow.user", "")
    if user not in ("", _user()):
        return ()
    found = _found(lambda process: runs_source(process.cmdline(), process.cwd(), source))
    return tuple(process for process in found if _is_old_enough(process, run))


def _is_old_enough(process: RunningProcess, run: Run) -> bool:
    return run.started_at is None or process.started_at <= run.started_at + LATE


def _why_not(run: Run, pid: int | None) -> str:
    user, source = run.tags.get("mlflow.user", ""), run.tags.get(SOURCE_TAG, "")
    if pid:
        return f"Its log cannot be shown: there is no process {pid} here any more."
    if user not in ("", _user()):
        return f"Its log cannot be shown: its process belongs to {user}."
    runs = f", none runs {source}" if source else ""
    return f"Its log cannot be shown: no process of yours here names the run{runs}."


def _user() -> str:
    with suppress(OSError, KeyError):
        return getpass.getuser()
    return str(os.getuid())
