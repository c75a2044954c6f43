"""The truth in MLflow about a job that has ended."""

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mlops_tui.domain.errors import ServiceError, Unreachable
from mlops_tui.domain.jobs.process import ProcessRecord, ProcessState
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.domain.store import Store

LIMIT = 120
"""Seconds after which the store is given up: a server that is started again is back by then."""
PAUSE = 1.0
"""Seconds between two tries to reach it."""
OUTCOME = "Its runs "
UNSETTLED = f"{OUTCOME}could not be settled:"
SETTLED = f"{OUTCOME}are settled:"
STATUS = {
    ProcessState.FINISHED: RunStatus.FINISHED,
    ProcessState.STOPPED: RunStatus.KILLED,
}
"""What a run left open becomes; FAILED for the other ends."""


def settle(store: Store, job_id: str, state: ProcessState) -> int:
    """End the runs of the job that it left open; return how many."""
    from mlops_tui.services.runs.runs import runs_of_job, terminate_run

    status = STATUS.get(state, RunStatus.FAILED)
    left = [run for run in runs_of_job(store, job_id) if run.status in _OPEN]
    for run in left:
        terminate_run(store, run.run_id, status)
    return len(left)


def try_to_settle(
    store: Store, job: ProcessRecord, state: ProcessState, is_given_up: Callable[[], bool]
) -> str:
    """Settle within ``LIMIT``, for the main thread of a process of its own.

    A store that is away is tried again unless it ``is_given_up``. Return why it failed, empty when
    it did not.
    """
    from mlops_tui.services.store import prepare_environment

    if store.label != job.store:
        return f"{UNSETTLED} {job.store} was not at hand."
    prepare_environment()
    why = f"the store did not answer within {LIMIT} s."
    try:
        with _alarm(LIMIT):
            while True:
                try:
                    settle(store, job.process_id, state)
                except Unreachable as error:
                    why = str(error)
                    if is_given_up():
                        break
                    time.sleep(PAUSE)
                else:
                    return ""
    except ServiceError as error:
        why = str(error)
    except TimeoutError:
        pass
    return f"{UNSETTLED} {why}"


_OPEN = (RunStatus.RUNNING, RunStatus.SCHEDULED)


@contextmanager
def _alarm(seconds: int) -> Iterator[None]:
    def ring(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
