"""Runs that say RUNNING, but are presumed dead."""

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.runs.run import JOB_TAG, RunStatus
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes
from mlops_tui.services.processes import records
from mlops_tui.services.runs.runs import get_run
from mlops_tui.services.store.store import client
from tests.making import make_experiment, make_run
from tests.tui.story import story

QUIET = 0.1
"""The shortest silence there is: every run made before the app opens is silent by then."""


def status(store: Store, run_id: str) -> RunStatus:
    return get_run(store, run_id).run.status


async def test_a_silent_run_is_flagged_settled_undone(sqlite_store: Store, state_dir: Path) -> None:
    run_id = make_run(sqlite_store, name="dead", status="RUNNING")
    async with story(sqlite_store, state_dir, stale_after=QUIET) as person:
        await person.sees("? dead", "1 silent (x settles)")
        assert status(sqlite_store, run_id) is RunStatus.RUNNING
        await person.press("x")
        await person.sees("Settle dead", "silent for", "▶k KILLED")
        await person.press("y")
        assert f"set_terminated('{run_id}', 'KILLED')" in person.app.clipboard
        await person.press("enter")
        await person.sees("dead: now KILLED. u undoes it", "■ KILLED")
        assert status(sqlite_store, run_id) is RunStatus.KILLED
        await person.press("F")
        await person.sees("Feed: 0 unread · 1 killed")
        await person.press("escape")
        await person.sees("■ KILLED")
        await person.undo()
        await person.sees("dead: now RUNNING", "? dead")
        assert status(sqlite_store, run_id) is RunStatus.RUNNING


async def test_several_are_settled_as_failed_but_not_those_that_ended(
    sqlite_store: Store, state_dir: Path
) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    silent = [make_run(sqlite_store, experiment, name=n, status="RUNNING") for n in ("a", "b")]
    ended = make_run(sqlite_store, experiment, name="ended")
    async with story(sqlite_store, state_dir, stale_after=QUIET) as person:
        await person.sees("2 silent (x settles)")
        await person.press("A", "x")
        await person.sees("Settle 2 runs")
        await person.press("f", "enter")
        await person.sees("2 runs: now FAILED", "3 marked")
        assert [status(sqlite_store, run_id) for run_id in silent] == [RunStatus.FAILED] * 2
        assert status(sqlite_store, ended) is RunStatus.FINISHED
        await person.press("x")
        words = "The 3 marked runs have already ended; M clears the marks."
        await person.until(lambda: [each for each in person.app.notices if words in each], words)


async def test_a_run_that_ended_meanwhile_is_left_as_it_is(
    sqlite_store: Store, state_dir: Path
) -> None:
    run_id = make_run(sqlite_store, name="late", status="RUNNING")
    async with story(sqlite_store, state_dir, stale_after=QUIET) as person:
        await person.sees("? dead")
        await person.press("x")
        await person.sees("Settle late")
        client(sqlite_store).set_terminated(run_id, "FINISHED")
        await person.press("enter")
        await person.sees("its status is 'FINISHED'", "✓ FINISHED")
        await person.press("x")
        await person.sees("has already ended")


async def test_a_run_that_was_heard_of_lately_is_not_flagged(
    sqlite_store: Store, state_dir: Path
) -> None:
    run_id = make_run(sqlite_store, name="alive", status="RUNNING")
    client(sqlite_store).log_metric(run_id, "loss", 1.0, timestamp=round(time.time() * 1000))
    async with story(sqlite_store, state_dir) as person:
        await person.sees("● RUNNING")
        assert "silent" not in person.screen
        await person.press("enter")
        await person.sees("last update", "s ago")


@pytest.fixture
def live_job(sqlite_store: Store, state_dir: Path) -> Iterator[str]:
    """Start a job of ours that only sleeps; return its id."""
    record = ProcessRecord(
        process_id=records.new_id(),
        kind=ProcessKind.JOB,
        title="sleeper",
        command=(sys.executable, "-c", "import time; time.sleep(300)"),
        cwd=str(state_dir.parent),
        environment=(),
        store=sqlite_store.label,
        created_at=records.now(),
        details={"values": json.dumps({})},
    )
    import os

    processes.start(state_dir, record, dict(os.environ))
    yield record.process_id
    processes.stop(state_dir, ProcessKind.JOB, record.process_id)


async def test_a_run_of_a_live_job_is_neither_flagged_nor_settled(
    sqlite_store: Store, state_dir: Path, live_job: str
) -> None:
    experiment = make_experiment(sqlite_store, "Flowers")
    ours = make_run(
        sqlite_store, experiment, name="ours", status="RUNNING", tags={JOB_TAG: live_job}
    )
    lost = make_run(
        sqlite_store, experiment, name="lost", status="RUNNING", tags={JOB_TAG: "another"}
    )
    async with story(sqlite_store, state_dir, stale_after=QUIET) as person:
        await person.sees("? dead", "● RUNNING", "1 silent (x settles)")
        await person.press("A", "x")
        await person.sees("Its job is alive, in Training x stops it: ours", "Settle lost")
        await person.press("enter")
        await person.sees("lost: now KILLED")
        assert status(sqlite_store, lost) is RunStatus.KILLED
        assert status(sqlite_store, ours) is RunStatus.RUNNING
