"""The process of a monitor: ``python -m`` this module, with state directory and monitor id.

It is above the subjects that it brings together: monitoring, which it does, and retraining.
"""

import fcntl
import os
import sys
import time
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.store import Store
from mlops_tui.services.monitoring import monitor_folder, monitor_runs, monitors
from mlops_tui.services.monitoring.monitor_runs import REMOVED, MonitorRun
from mlops_tui.services.monitoring.monitor_watch import MonitorWatch
from mlops_tui.services.processes import child_environment
from mlops_tui.services.retraining import watcher
from mlops_tui.services.store.store import prepare_environment

LOOK = 2.0
"""Seconds between two looks."""
FOLLOW = 5.0
"""Seconds between two looks at the rule of retraining, where no chunk comes."""
LONGEST = 300.0
"""Seconds between two tries where something is away."""


def main(state_dir: Path, monitor_id: str) -> None:
    """Watch until somebody ends this process, or removes the monitor."""
    prepare_environment()
    store = child_environment.store_of(os.environ)
    folder = monitor_folder.made(state_dir, monitor_id)
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sys.exit("The monitor runs already on this machine.")
        watch: MonitorWatch | None = None
        pause, last_problem = LOOK, ""
        follow_at = 0.0
        while True:
            try:
                if watch is None:
                    run = _run(monitor_runs.list_runs(store, monitor_id))
                    if run is not None:
                        fresh = MonitorWatch(store, state_dir, run, say)
                        fresh.begin()
                        watch = fresh
                if watch is not None:
                    follow_at = _look(store, state_dir, watch, follow_at)
                pause, last_problem = LOOK, ""
            except ServiceError as error:
                pause = min(2 * pause, LONGEST)
                if str(error) != last_problem:
                    say(f"It waits: {error}")
                last_problem = str(error)
                _note(state_dir, monitor_id, watch, last_problem)
            time.sleep(pause)


def _look(store: Store, state_dir: Path, watch: MonitorWatch, follow_at: float) -> float:
    """Look for chunks, then at the rule where it is due; return when that is due again."""
    if not watch.look() and time.monotonic() < follow_at:
        return follow_at
    follow(store, state_dir, watch)
    return time.monotonic() + FOLLOW


def follow(store: Store, state_dir: Path, watch: MonitorWatch) -> None:
    """Follow the rule by which the model is trained again, if it has one."""
    standing = monitors.read(store, state_dir, watch.plan.monitor_id, chunks=0)
    watch.note_retraining(watcher.look(store, state_dir, watch.plan, standing))


def _run(runs: tuple[MonitorRun, ...]) -> MonitorRun | None:
    if runs and runs[0].state == REMOVED:
        say("The monitor was removed.")
        sys.exit(0)
    return runs[0] if runs else None


def _note(state_dir: Path, monitor_id: str, watch: MonitorWatch | None, problem: str) -> None:
    if watch is not None:
        watch.note_problem(problem)
        return
    now = time.time_ns() // 1_000_000
    status = monitor_folder.MonitorStatus(last_look_at=now, problem=problem)
    monitor_folder.write_status(state_dir, monitor_id, status)


def say(words: str) -> None:
    """Write a line of the log."""
    moment = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime())
    sys.stdout.write(f"{moment} {words}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
