"""A job on a cluster, shown like any other."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessKind, ProcessState
from mlops_tui.domain.slurm.slurm_resources import SlurmResources
from mlops_tui.domain.store import Store
from mlops_tui.services.jobs import jobs
from mlops_tui.services.launchers import slurm_launch
from tests import detached
from tests.tui.story import story


@pytest.mark.slow
async def test_a_job_that_waits_in_slurm_says_why_until_it_is_stopped(
    store: Store, state_dir: Path, slurm: Path
) -> None:
    record = replace(detached.planned(sys.executable, "-c", "pass"), kind=ProcessKind.JOB)
    resources = SlurmResources(partition="closed")
    job = slurm_launch.start(state_dir, replace(record, title="far away"), os.environ, resources)
    async with story(store, state_dir) as person:
        await person.press("2")
        await person.sees("waiting", "far away", "Waiting in Slurm: PartitionDown.")
        await person.press("x")
        await person.sees("Stop far away?")
        await person.press("ctrl+y")
        await person.until(lambda: person.app.clipboard, "something copied")
        assert person.app.clipboard == f"scancel {job.details['slurm_job']}"
        await person.press("enter")
        await person.sees("stopped", "far away")
    (ended,) = jobs.list_jobs(state_dir)
    assert ended.state is ProcessState.STOPPED
