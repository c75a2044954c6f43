from dataclasses import replace

import pytest

from mlops_tui.cli.jobs import _row
from mlops_tui.domain.jobs.job_queue import JobQueue
from mlops_tui.domain.processes.process import ProcessRecord, ProcessState, Settlement
from mlops_tui.tui.jobs.job_cells import columns, job_cell, reason
from mlops_tui.tui.kit.formatting import UNKNOWN, job_time
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
        (replace(FIRST, slots=0), "there are 0 slots; # changes that"),
        (replace(FIRST, held=frozenset("a")), "until H releases it"),
        (JobQueue(1, 1), ""),
    ],
)
def test_a_job_says_why_it_does_not_run(queue: JobQueue, words: str) -> None:
    assert words in reason(WAITING, queue)
    assert reason(replace(WAITING, reason="broken"), queue) == "broken"


def test_a_job_that_has_ended_says_what_becomes_of_its_runs() -> None:
    settling = replace(
        JOB, state=ProcessState.FAILED, reason="Exit code 3.", settlement=Settlement.PENDING
    )
    assert job_cell(settling, "state", FIRST).plain == "✗ failed ◍"
    assert reason(settling, FIRST) == "Updating its runs in MLflow… x skips this. Exit code 3."
    lost = replace(JOB, state=ProcessState.LOST, started_at=1, reason="It is gone.")
    assert reason(lost, FIRST) == "S settles its open runs. It is gone."
    assert reason(replace(lost, started_at=None), FIRST) == "It is gone."
    settled = replace(lost, settlement=Settlement.DONE, settlement_reason="1 was open.")
    assert reason(settled, FIRST) == "It is gone. 1 was open."
    failed = replace(settling, settlement=Settlement.GIVEN_UP, settlement_reason="No answer.")
    assert reason(failed, FIRST) == "S settles its open runs. Exit code 3. No answer."


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


def test_the_time_of_a_job_runs_on_only_while_it_does() -> None:
    running = replace(JOB, state=ProcessState.RUNNING, started_at=1_000)
    assert job_time(replace(running, stood_still_at=66_000)) == "1m05s"
    assert job_time(replace(running, stood_still_at=66_000, ended_at=3_000)) == "2.0s"
    assert job_time(replace(running, suspended=60_000, ended_at=66_000)) == "5.0s"
    assert job_time(replace(running, state=ProcessState.ENDED)) == UNKNOWN


def test_the_list_on_the_command_line_says_what_each_job_runs() -> None:
    for details, program in (
        ({"recipe": "train.py"}, "train.py"),
        ({"recipe": "train.py", "sweep": "{}"}, "sweep train.py"),
        ({"recipe": "", "attached": "1"}, "pid 7"),
    ):
        job = replace(JOB, details=details, pid=7)
        assert job_cell(job, "recipe", FIRST).plain == program
        assert _row(job, "")[5] == program
