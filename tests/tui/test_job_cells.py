from dataclasses import replace

import pytest

from mlops_tui.domain.job_queue import JobQueue
from mlops_tui.domain.process import ProcessRecord, ProcessState
from mlops_tui.tui.job_cells import columns, job_cell, reason
from tests.detached import planned

JOB = replace(planned("true"), process_id="a", title="[red]a\x1b[31m\nb", details={"gpu": "1"})
WAITING = replace(JOB, state=ProcessState.WAITING)
FIRST = JobQueue(1, 1, waiting=("a",))


@pytest.mark.parametrize(
    ("job", "queue", "words"),
    [
        (WAITING, FIRST, "◌ waiting 1"),
        (WAITING, JobQueue(1, 1, waiting=("b", "a")), "◌ waiting 2"),
        (WAITING, replace(FIRST, held=frozenset("a")), "◫ held"),
        # Of another machine, whose queue is not ours.
        (WAITING, JobQueue(1, 1), "◌ waiting"),
        # Just launched: whether it waits is not known yet.
        (JOB, FIRST, "◌ starting"),
        (replace(JOB, state=ProcessState.FAILED), JobQueue(1, 1), "✗ failed"),
    ],
)
def test_a_waiting_job_says_at_what_place(job: ProcessRecord, queue: JobQueue, words: str) -> None:
    assert job_cell(job, "state", queue).plain == words


@pytest.mark.parametrize(
    ("queue", "words"),
    [
        (FIRST, "It waits for a slot"),
        (replace(FIRST, slots=0), "there are no slots; # gives it some"),
        (replace(FIRST, held=frozenset("a")), "until H releases it"),
        (JobQueue(1, 1), ""),
    ],
)
def test_a_job_says_why_it_does_not_run(queue: JobQueue, words: str) -> None:
    assert words in reason(WAITING, queue)
    assert reason(replace(WAITING, reason="broken"), queue) == "broken"


def test_a_gpu_has_a_column_where_a_job_has_one() -> None:
    assert [column.key for column in columns([JOB])][-1] == "gpu"
    assert "gpu" not in [column.key for column in columns([replace(JOB, details={})])]
    assert job_cell(JOB, "gpu", FIRST).plain == "1"
    assert job_cell(JOB, "recipe", FIRST).plain == ""


def test_a_hostile_name_is_harmless() -> None:
    cell = job_cell(JOB, "title", FIRST).plain
    assert "\x1b" not in cell
    assert "\n" not in cell
    assert cell.startswith("[red]a")
