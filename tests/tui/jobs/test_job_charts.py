"""The metrics of a job, read beside its list."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from textual.app import App, ComposeResult

from mlops_tui.domain.jobs.watched_runs import WatchedRuns
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.tui.jobs import job_charts
from mlops_tui.tui.jobs.job_charts import JobCharts
from mlops_tui.tui.kit.workers import is_working
from tests.patience import PATIENCE

ENDED = ProcessRecord(
    process_id="20260101-120000-0000",
    kind=ProcessKind.JOB,
    title="job",
    command=("true",),
    cwd="/",
    environment=(),
    store="sqlite:///mlflow.db",
    state=ProcessState.FINISHED,
    created_at=1,
)


class ChartsApp(App[None]):
    def compose(self) -> ComposeResult:
        yield JobCharts()


async def test_histories_are_read_anew_where_that_is_requested_while_they_are_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    reads: asyncio.Queue[bool] = asyncio.Queue()
    may_end = asyncio.Semaphore(0)

    async def ask(*_: Any) -> WatchedRuns:
        return WatchedRuns()

    async def load(*_: object, anew: bool = False) -> None:
        reads.put_nowait(anew)
        await may_end.acquire()

    settings = SimpleNamespace(state_dir=tmp_path, store=None, refresh_interval=1.0)
    monkeypatch.setattr(job_charts, "shell_of", lambda _: SimpleNamespace(settings=settings))
    monkeypatch.setattr(job_charts, "ask", ask)
    async with asyncio.timeout(PATIENCE), ChartsApp().run_test() as pilot:
        charts = pilot.app.query_one(JobCharts)
        monkeypatch.setattr(charts.grid, "load", load)
        charts.follow(ENDED)
        charts.renew(anew=True)
        assert await reads.get()
        charts.renew(anew=True)
        may_end.release()
        while is_working(charts, "metrics"):
            await pilot.pause()
        charts.renew()
        assert await reads.get()
        may_end.release()
