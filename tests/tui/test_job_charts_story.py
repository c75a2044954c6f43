"""The metrics of a job beside its log."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.domain.store import Store
from mlops_tui.services.launchers import processes
from mlops_tui.services.store import store as stores
from mlops_tui.tui.charts.chart_grid import ChartGrid
from tests import detached
from tests.making import make_run
from tests.tui.story import story
from tests.tui.test_training_story import record_of

Metrics = dict[str, float | Sequence[float]]
NAN = float("nan")
SAYS = "print('said by the job', flush=True); import time; time.sleep(600)"


@pytest.fixture
def busy(sqlite_store: Store, state_dir: Path) -> Iterator[ProcessRecord]:
    """Start a job that runs until it is stopped."""
    record = replace(record_of(ProcessKind.JOB, SAYS), store=sqlite_store.label)
    job = processes.start(state_dir, record, os.environ)
    yield job
    processes.stop(state_dir, ProcessKind.JOB, job.process_id)
    detached.ended(state_dir, job)


def run_of(
    store: Store, job: ProcessRecord, name: str, metrics: Metrics, status: str = "FINISHED"
) -> str:
    tags = {"mlops_tui.job": job.process_id}
    return make_run(store, "0", name=name, metrics=metrics, tags=tags, status=status)


async def test_the_metrics_of_a_job_are_drawn_live_where_there_is_little_room(
    sqlite_store: Store, state_dir: Path, busy: ProcessRecord
) -> None:
    async with story(sqlite_store, state_dir, size=(80, 24)) as person:
        await person.press("2", "M")
        await person.sees("It has created no run yet", "M Metrics")
        assert "said by the job" not in person.screen
        await person.press("M")
        await person.sees("said by the job")
        metrics: Metrics = {"loss": [3.0, NAN, 1.25], "depth": 7.0, "system/cpu": [1.0, 2.0]}
        run = run_of(sqlite_store, busy, "one", metrics, "RUNNING")
        await person.sees("depth 7  loss 1.25  system/cpu 2", "said by the job")
        await person.press("M")
        await person.sees("▸loss  1.25  ★ 1.25 @ 2  1 gap", "system/cpu  2", "depth 7")
        stores.client(sqlite_store).log_metric(run, "loss", 0.5, step=3)
        await person.sees("▸loss  0.5  ★ 0.5 @ 3")
        await person.press("enter", "right", "y")
        assert "one\tloss\t" in person.app.clipboard
        await person.press("escape", "escape", "M")
        await person.sees("depth 7  loss 0.5  system/cpu 2", "said by the job")


async def test_all_runs_of_a_job_share_charts_that_stay_when_the_store_fails(
    sqlite_store: Store, state_dir: Path, busy: ProcessRecord
) -> None:
    run_of(sqlite_store, busy, "[one", {"loss": [3.0, 1.5]})
    run_of(sqlite_store, busy, "without metrics", {})
    run_of(sqlite_store, busy, "two", {"loss": [2.0, 4.0]}, "RUNNING")
    path = sqlite_store.sqlite_path
    assert path is not None
    async with story(sqlite_store, state_dir, size=(200, 50)) as person:
        await person.press("2")
        await person.sees("said by the job", "▲ two  ● [one", "loss  ▲ 4  ● 1.5")
        kept = path.read_bytes()
        path.write_bytes(b"junk that is no database at all")
        await person.sees("✗", "is no SQLite database", "▲ 4  ● 1.5", "said by the job")
        path.write_bytes(kept)
        await person.press("M", "escape", "r")
        await person.sees_no("is no SQLite database")
        await person.sees("▲ two  ● [one", "▲ 4  ● 1.5")
        await person.press("M")
        await person.pilot.resize_terminal(80, 24)
        await person.sees("said by the job", "loss 4")
        await person.until(lambda: not person.app.screen.query_one(ChartGrid).has_focus, "hidden")
        await person.press("x")
        await person.sees("Stop by hand?")


async def test_values_that_come_at_the_end_are_told_though_no_chart_of_them_is_in_view(
    sqlite_store: Store, state_dir: Path, busy: ProcessRecord
) -> None:
    run = run_of(sqlite_store, busy, "one", {"loss": [3.0, 1.5]}, "RUNNING")
    async with story(sqlite_store, state_dir, size=(120, 36)) as person:
        await person.press("2")
        await person.sees("loss  1.5")
        for number in range(12):
            stores.client(sqlite_store).log_metric(run, f"a{number:02}", 10.0 + number)
        await person.sees("loss  1.5", "a00 10", "a05 15")
