"""From a run to the real process that makes it."""

import getpass
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from mlops_tui.domain.errors import Conflict
from mlops_tui.domain.jobs.run_process import RunProcess
from mlops_tui.domain.processes.process import RUN, ProcessState
from mlops_tui.domain.processes.running_process import RunningProcess
from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import attached_run, attachment, run_process
from mlops_tui.services.jobs.run_process import find_process
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import process_identity
from mlops_tui.services.store import store as stores
from tests import detached
from tests.making import make_run

HERE = process_identity.host()
SLEEPS = "import time; time.sleep(600)"
SHARES = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPS!r}])"
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Start]:
    """Start a script as a person would in another terminal; it is ended with the test."""
    (tmp_path / "guessed.py").write_text(SLEEPS)
    (tmp_path / "shares.py").write_text(SHARES)
    with detached.nothing_left_behind(), ExitStack() as stack:

        def start(script: str = "guessed.py", **variables: str) -> "subprocess.Popen[bytes]":
            child = subprocess.Popen(
                [sys.executable, script],
                cwd=tmp_path,
                env=os.environ | variables,
                start_new_session=True,
            )
            stack.callback(child.wait)
            stack.callback(os.killpg, child.pid, signal.SIGKILL)
            return child

        yield start


class Look:
    """Makes a run with tags, looks for its process."""

    def __init__(self, store: Store, state_dir: Path) -> None:
        self.store = store
        self.state_dir = state_dir

    def run(self, tags: dict[str, str]) -> str:
        return make_run(self.store, "0", name="mine", tags=tags, status="RUNNING")

    def at(self, run_id: str) -> RunProcess:
        return find_process(self.store, self.state_dir, run_id)

    def of(self, tags: dict[str, str]) -> RunProcess:
        return self.at(self.run(tags))


@pytest.fixture
def look(sqlite_store: Store, tmp_path: Path) -> Look:
    return Look(sqlite_store, tmp_path / "state")


def pid(process: RunningProcess | None) -> int | None:
    return process.pid if process else None


def test_the_only_process_that_was_told_to_make_the_run_is_certain(
    look: Look, elsewhere: Start
) -> None:
    run_id = look.run({})
    elsewhere(MLFLOW_RUN_ID="another")
    told = elsewhere("shares.py", MLFLOW_RUN_ID=run_id)
    detached.wait_for(lambda: psutil.Process(told.pid).children())
    assert pid(look.at(run_id).certain) == told.pid
    second = elsewhere(MLFLOW_RUN_ID=run_id)
    both = look.at(run_id)
    assert (both.certain, set(map(pid, both.guesses))) == (None, {told.pid, second.pid})


def test_the_process_that_the_tags_name_is_certain_on_this_machine_only(
    look: Look, elsewhere: Start
) -> None:
    child = elsewhere()
    tags = {"train.pid": str(child.pid)}
    assert pid(look.of({**tags, "hostname": HERE}).certain) == child.pid
    alone = look.of(tags)
    assert (alone.certain, [*map(pid, alone.guesses)]) == (None, [child.pid])
    away = look.of({**tags, "hostname": "gpu-7"})
    assert (away.certain, away.guesses) == (None, ())
    assert away.why_not == "It runs on gpu-7, as a tag says: its log is there."
    gone = look.of({"pid": "2147483647", "host": HERE})
    assert gone.why_not.endswith("there is no process 2147483647 here any more.")


def test_a_pid_that_was_used_again_since_the_run_began_is_not_certain(
    look: Look, elsewhere: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    child = elsewhere()
    monkeypatch.setattr(run_process, "LATE", -600_000)
    found = look.of({"pid": str(child.pid), "host": HERE})
    assert (found.certain, [*map(pid, found.guesses)]) == (None, [child.pid])


def test_a_process_of_the_same_program_is_a_guess(
    look: Look, elsewhere: Start, tmp_path: Path
) -> None:
    one, two = elsewhere(), elsewhere()
    elsewhere("shares.py")
    tags = {"mlflow.source.name": str(tmp_path / "guessed.py"), "mlflow.user": getpass.getuser()}
    found = look.of(tags)
    assert (found.certain, set(map(pid, found.guesses))) == (None, {one.pid, two.pid})
    theirs = look.of({**tags, "mlflow.user": "somebody"})
    assert (theirs.guesses, theirs.why_not) == (
        (),
        "Its log cannot be shown: its process belongs to somebody.",
    )
    nobody = look.of({**tags, "mlflow.source.name": "gone.py"})
    assert nobody.why_not == (
        "Its log cannot be shown: no process of yours here names the run, none runs gone.py."
    )


def test_a_run_that_is_listed_as_a_job_is_found_there(look: Look, elsewhere: Start) -> None:
    run_id = look.run({})
    run = look.at(run_id)
    job = attached_run.attach(look.store, look.state_dir, run.run, run.why_not)
    assert look.at(run_id).job == job
    with pytest.raises(Conflict, match="not known here"):
        processes.stop(look.state_dir, job.kind, job.process_id)
    child = elsewhere()
    process = attachment.attach(look.store, look.state_dir, child.pid, run_id=look.run({}))
    assert look.at(process.details[RUN]).job == process


def test_the_end_of_a_watched_run_is_noted(look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [look.run({}) for _ in range(4)]
    watched = [attached_run.attach(look.store, look.state_dir, look.at(i).run, "") for i in ids]
    client = stores.client(look.store)
    client.set_terminated(ids[0], "KILLED")
    client.set_terminated(ids[1], "FAILED")
    monkeypatch.setattr(attached_run, "_read", with_fault(attached_run._read, ids[2]))
    attached_run.look(look.store, look.state_dir)
    attached_run.look(look.store, look.state_dir)
    states = [detached.now(look.state_dir, job).state for job in watched]
    assert states == [
        ProcessState.STOPPED,
        ProcessState.FAILED,
        ProcessState.LOST,
        ProcessState.RUNNING,
    ]


def with_fault(read: Callable[[Store, str], Run], gone: str) -> Callable[[Store, str], Run]:
    """Return a reading for which one run was deleted for good."""

    def faulty(store: Store, run_id: str) -> Run:
        return read(store, run_id if run_id != gone else "0" * 32)

    return faulty
