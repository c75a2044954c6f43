"""Jobs of a test that run until they are let go, with a journal of who started, who ended."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.jobs.job_queue import JobQueue
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord
from mlops_tui.services.jobs import job_queue
from mlops_tui.services.launchers import processes
from tests import detached

UNTIL_LET_GO = """
echo "+$0" >> journal
until [ -e "go-$0" ]; do sleep 0.02; done
echo "-$0" >> journal
"""
BRIEF = """
echo "+$0" >> journal
sleep 0.05
echo "-$0" >> journal
"""
ELSEWHERE = "a store that is not at hand"
"""No job here needs MLflow: its supervisor does not ask a store that it was not given."""


class Jobs:
    """Launches jobs by a name, on a state directory of their own."""

    def __init__(self, folder: Path, slots: int | None = None) -> None:
        self.folder = folder
        self.state_dir = folder / "state"
        self._records: dict[str, ProcessRecord] = {}
        if slots is not None:
            job_queue.set_slots(self.state_dir, slots)

    def launch(
        self, name: str, program: str = UNTIL_LET_GO, environ: Mapping[str, str] | None = None
    ) -> ProcessRecord:
        plan = replace(
            detached.planned("/bin/sh", "-c", program, name, cwd=self.folder),
            kind=ProcessKind.JOB,
            title=name,
            store=ELSEWHERE,
            environment=tuple(environ or ()),
        )
        record = processes.start(self.state_dir, plan, {**os.environ, **(environ or {})})
        self._records[name] = record
        return record

    def id(self, name: str) -> str:
        return self._records[name].process_id

    def now(self, name: str) -> ProcessRecord:
        return detached.now(self.state_dir, self._records[name])

    def let_go(self, *names: str) -> None:
        for name in names:
            (self.folder / f"go-{name}").touch()

    def ended(self, *names: str) -> list[ProcessRecord]:
        return [detached.ended(self.state_dir, self._records[name]) for name in names]

    def started(self, *names: str) -> None:
        """Wait until the programs of the jobs say that they run."""
        detached.wait_for(lambda: {f"+{name}" for name in names} <= set(self.journal()))

    def journal(self) -> list[str]:
        with suppress(FileNotFoundError):
            return (self.folder / "journal").read_text().split()
        return []

    def most_at_once(self) -> int:
        """Return how many programs ran at the same time."""
        running = most = 0
        for line in self.journal():
            running += 1 if line.startswith("+") else -1
            most = max(most, running)
        return most

    @property
    def queue(self) -> JobQueue:
        return job_queue.read_jobs(self.state_dir)[1]

    @property
    def waiting(self) -> list[str]:
        """The names of the jobs that wait, the next one first."""
        names = {record.process_id: name for name, record in self._records.items()}
        return [names[job_id] for job_id in self.queue.waiting]
