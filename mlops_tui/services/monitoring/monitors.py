"""Monitors of a store: set up, listed, read, started, stopped, removed."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import Conflict, NotFound, ServiceError
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding, MonitorState
from mlops_tui.domain.monitoring.monitor_verdict import verdict
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import MONITOR_ID, ProcessKind, ProcessRecord, ProcessState
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes
from mlops_tui.services.monitoring import monitor_folder, monitor_launch, monitor_runs
from mlops_tui.services.monitoring.monitor_runs import HOST, OFF, ON, REMOVED, STATE, MonitorRun
from mlops_tui.services.processes import records
from mlops_tui.services.worker.calls import LONG, is_kept, may_take

SILENT = 15 * 60_000
"""Milliseconds after which a monitor of another machine that tells nothing counts as gone."""


@may_take(LONG)
@is_kept
def create(
    store: Store, state_dir: Path, plan: MonitorPlan, *, starts: bool = True
) -> MonitorStanding:
    """Set a monitor up and start it. Raises ``Conflict`` where another one does the same."""
    plan = replace(plan, created_at=plan.created_at or records.now())
    plan = replace(plan, monitor_id=plan.monitor_id or records.new_id())
    plan.check()
    _refuse_second(monitor_runs.list_runs(store), plan)
    tags = {HOST: monitor_folder.host(), STATE: ON if starts else OFF}
    monitor_runs.open_run(store, plan, plan.version, tags)
    if starts:
        monitor_launch.launch(store, state_dir, plan)
    return read(store, state_dir, plan.monitor_id)


@may_take(LONG)
def list_monitors(store: Store, state_dir: Path) -> tuple[MonitorStanding, ...]:
    """Return all monitors of the store, newest first, with their newest chunks (light)."""
    runs = monitor_runs.newest_runs(monitor_runs.list_runs(store))
    here = _processes(state_dir)
    kept = (run for run in runs.values() if run.state != REMOVED)
    return tuple(
        _standing(store, state_dir, run, here.get(run.plan.monitor_id))
        for run in sorted(kept, key=lambda run: -run.plan.created_at)
    )


@may_take(LONG)
def read(
    store: Store, state_dir: Path, monitor_id: str, chunks: int = 1, version: str = ""
) -> MonitorStanding:
    """Return a monitor; the newest ``chunks`` of the version (default: watched now) are whole.

    Raises ``NotFound``.
    """
    run = _run(store, monitor_id, version)
    standing = _standing(store, state_dir, run, _processes(state_dir).get(run.plan.monitor_id))
    found = list(standing.chunks)
    for place in range(max(0, len(found) - chunks), len(found)):
        found[place] = monitor_runs.read_chunk(store, run, found[place].number)
    return replace(standing, chunks=tuple(found))


def versions(store: Store, monitor_id: str) -> tuple[str, ...]:
    """Return the versions that a monitor has watched, the present one first."""
    return tuple(run.version for run in monitor_runs.list_runs(store, monitor_id))


def find(store: Store, name: str) -> MonitorRun:
    """Return the run of the monitor that a person names: title, id, its beginning, or model.

    Raises ``NotFound``, or ``Conflict`` where several are meant.
    """
    runs = monitor_runs.newest_runs(monitor_runs.list_runs(store)).values()
    kept = [run for run in runs if run.state != REMOVED]
    for is_meant in (
        lambda run: name in (run.plan.title, run.plan.monitor_id),
        lambda run: name == run.plan.model,
        lambda run: bool(name) and run.plan.monitor_id.startswith(name),
    ):
        meant = [run for run in kept if is_meant(run)]
        if len(meant) > 1:
            titles = ", ".join(one_line(run.plan.title, 60) for run in meant[:8])
            raise Conflict(f"{one_line(name, 60)} has several monitors: {titles}.", "Name one.")
        if meant:
            return meant[0]
    known = ", ".join(one_line(run.plan.title, 60) for run in kept[:8])
    there = f"There are: {known}." if known else "mlops-tui monitor add NAME sets one up."
    raise NotFound(f"There is no monitor {one_line(name, 60)!r}.", there)


@is_kept
def start(store: Store, state_dir: Path, monitor_id: str) -> MonitorStanding:
    """Start a monitor where it was stopped; one that runs here stays. Raises ``Conflict``."""
    run = _run(store, monitor_id)
    if run.state == REMOVED:
        raise NotFound(f"The monitor {run.plan.title} was removed.")
    standing = _standing(store, state_dir, run, _processes(state_dir).get(monitor_id))
    if standing.state is MonitorState.ELSEWHERE:
        raise Conflict(f"The monitor {run.plan.title} runs on {run.host}.", "Stop it there before.")
    if standing.state not in (MonitorState.RUNNING, MonitorState.BEHIND):
        monitor_launch.launch(store, state_dir, run.plan)
    monitor_runs.set_tags(store, run.run_id, {STATE: ON, HOST: monitor_folder.host()})
    return read(store, state_dir, monitor_id, chunks=0)


@is_kept
def stop(store: Store, state_dir: Path, monitor_id: str) -> MonitorStanding:
    """Stop a monitor; what it found out stays, and ``start`` goes on where it was."""
    run = _run(store, monitor_id)
    monitor_runs.set_tags(store, run.run_id, {STATE: OFF})
    record = _processes(state_dir).get(monitor_id)
    if record is not None and record.state.is_active:
        processes.stop(state_dir, ProcessKind.MONITOR, record.process_id)
    return read(store, state_dir, monitor_id, chunks=0)


@is_kept
def remove(store: Store, state_dir: Path, monitor_id: str) -> None:
    """Stop a monitor and list it no more; its runs stay in MLflow with all that it found out."""
    run = _run(store, monitor_id)
    stop(store, state_dir, monitor_id)
    monitor_runs.set_tags(store, run.run_id, {STATE: REMOVED})
    monitor_launch.forget(state_dir, monitor_id)


@is_kept
def resume(store: Store, state_dir: Path) -> tuple[str, ...]:
    """Start the monitors of this machine that should run and do not; return their titles.

    After a restart of the machine, or of a container, that is how they go on. Raises the first
    ``ServiceError`` when all were tried.
    """
    started, failures = [], []
    here = _processes(state_dir)
    for run in monitor_runs.newest_runs(monitor_runs.list_runs(store)).values():
        record = here.get(run.plan.monitor_id)
        is_gone = record is None or record.state in GONE
        if run.state != ON or run.host != monitor_folder.host() or not is_gone:
            continue
        try:
            monitor_launch.launch(store, state_dir, run.plan)
            started.append(run.plan.title)
        except Conflict:
            continue  # another interface was faster
        except ServiceError as error:
            failures.append(error)
    if failures:
        raise failures[0]
    return tuple(started)


GONE = (ProcessState.LOST, ProcessState.STOPPED, ProcessState.FINISHED)
"""States of a process that may be started again; one that failed would fail again."""


def _run(store: Store, monitor_id: str, version: str = "") -> MonitorRun:
    for run in monitor_runs.list_runs(store, monitor_id):
        if version in ("", run.version):
            return run
    which = f" for v{version}" if version else ""
    raise NotFound(f"There is no monitor {one_line(monitor_id, 60)!r}{which}.")


def _processes(state_dir: Path) -> Mapping[str, ProcessRecord]:
    """Return the newest process of each monitor on this machine, by the monitor's id."""
    found: dict[str, ProcessRecord] = {}
    for record in processes.list_processes(state_dir, ProcessKind.MONITOR):
        found.setdefault(record.details.get(MONITOR_ID, ""), record)
    return found


def _standing(
    store: Store, state_dir: Path, run: MonitorRun, record: ProcessRecord | None
) -> MonitorStanding:
    status = monitor_folder.read_status(state_dir, run.plan.monitor_id)
    is_here = record is not None and record.state.is_active
    chunks = monitor_runs.read_recent(store, run)
    problem = status.problem if is_here else record.reason if record else ""
    return MonitorStanding(
        plan=run.plan,
        state=_state(run, record, is_behind=status.is_behind),
        run_id=run.run_id,
        chunks=chunks,
        rows_waiting=status.rows_waiting,
        last_look_at=status.last_look_at if is_here else run.heard_at or status.last_look_at,
        sentence=verdict(chunks, status.rows_waiting),
        alerts=run.alerts,
        version=run.version,
        problem=problem,
        remarks=status.remarks,
        process_id=record.process_id if record else "",
        chunk_count=run.chunk,
    )


def _state(run: MonitorRun, record: ProcessRecord | None, *, is_behind: bool) -> MonitorState:
    if record is not None and record.state is ProcessState.ELSEWHERE:
        return MonitorState.ELSEWHERE
    if record is not None and record.state.is_active:
        return MonitorState.BEHIND if is_behind else MonitorState.RUNNING
    if run.state != ON:
        return MonitorState.STOPPED
    is_fresh = time.time() * 1000 - run.heard_at < SILENT
    if run.host != monitor_folder.host():
        return MonitorState.ELSEWHERE if is_fresh else MonitorState.FAILED
    is_stopped = record is not None and record.state is ProcessState.STOPPED
    return MonitorState.STOPPED if is_stopped else MonitorState.FAILED


def _refuse_second(runs: Sequence[MonitorRun], plan: MonitorPlan) -> None:
    for run in monitor_runs.newest_runs(runs).values():
        other = run.plan
        if run.state == REMOVED:
            continue
        if other.title == plan.title:
            raise Conflict(f"There is a monitor {plan.title} already.", "Give it another name.")
        is_same = (other.model, run.version) == (plan.model, plan.version)
        if is_same and _rows_of(other) == _rows_of(plan):
            raise Conflict(
                f"The monitor {other.title} watches {plan.model} v{plan.version} on the same rows.",
                "Remove it first, or name another source.",
            )


def _rows_of(plan: MonitorPlan) -> tuple[str, str]:
    return plan.source.value, plan.path
