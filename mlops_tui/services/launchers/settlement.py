"""Closes in MLflow the runs that an ended job left open, in a process of its own.

``python -m`` this module, with the record's folder, in the environment of the job. What it says on
its standard output is why it failed. It ends within ``LIMIT`` seconds, whatever hangs inside.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from mlops_tui.domain.data.given_data import DETAIL
from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.runs.silence import OPEN, last_signs
from mlops_tui.domain.store import Store
from mlops_tui.services.processes import child_environment, log_file, records, stop_request

LIMIT = 120
"""Seconds after which the store is given up: a server that is started again is back by then."""
LAST_TRY = 15
"""Seconds before that limit, after which a store that is away is tried no more."""
PAUSE = 1.0
"""Seconds between two tries to reach it."""
STATUS = {
    ProcessState.FINISHED: RunStatus.FINISHED,
    ProcessState.STOPPED: RunStatus.KILLED,
}
"""What a run left open becomes; FAILED for the other ends."""


def settle(
    store: Store,
    job_id: str,
    state: ProcessState,
    ended_at: int | None = None,
    heard_at: int = 0,
) -> int:
    """End the runs of the job that it left open; return how many.

    ``ended_at`` is when its program ended, where somebody saw that; ``heard_at`` is the last that
    was heard of it.
    """
    from mlops_tui.services.runs.runs import runs_of_job, terminate_run

    status = STATUS.get(state, RunStatus.FAILED)
    found = runs_of_job(store, job_id)
    signs = last_signs(found)
    left = [run for run in found if run.status in OPEN]
    for run in left:
        heard = (heard_at, signs.get(run.run_id, 0))
        terminate_run(store, run, status, ended_at, heard)
    return len(left)


def settle_runs(store: Store, folder: Path, job: ProcessRecord) -> int:
    """Do the same for a job with a record."""
    # Without an exit code nobody was there to see the end.
    ended_at = None if job.exit_code is None else job.ended_at
    heard_at = log_file.last_written(folder, job) or 0
    return settle(store, job.process_id, job.state, ended_at, heard_at)


def try_to_settle(
    store: Store, folder: Path, job: ProcessRecord, is_given_up: Callable[[], bool]
) -> str:
    """Settle; return why it failed, empty when it did not.

    A store that is away is tried again unless it ``is_given_up``.
    """
    from mlops_tui.services.data.given_data import log_given
    from mlops_tui.services.runs.left_open import may_have_left_runs_open
    from mlops_tui.services.store.store import prepare_environment

    if store.label != job.store:
        return f"{job.store} was not at hand."
    if DETAIL not in job.details and not may_have_left_runs_open(store, job.process_id):
        return ""
    prepare_environment()
    end = time.monotonic() + LIMIT - LAST_TRY
    while True:
        try:
            settle_runs(store, folder, job)
            log_given(store, folder, job)
        except Unreachable as error:
            if is_given_up() or time.monotonic() > end:
                return str(error)
            time.sleep(PAUSE)
        except ServiceError as error:
            return str(error)
        else:
            return ""


def main(folder: Path) -> None:
    """Settle the runs of the job of this folder."""
    # Who ends a job on a cluster signals all of its processes.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    # Without a handler: an exception could be swallowed by a library that waits for an answer.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(LIMIT)
    if record := records.read(folder):
        store = child_environment.store_of(os.environ)
        is_given_up = partial(stop_request.is_requested, folder)
        sys.stdout.write(try_to_settle(store, folder, record, is_given_up))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
