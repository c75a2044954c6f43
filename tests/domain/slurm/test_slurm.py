import pytest

from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.domain.slurm import slurm
from mlops_tui.domain.slurm.slurm import SlurmJob, is_over_memory, job_of


def test_the_queue_is_read_by_job_with_why_each_waits() -> None:
    text = (
        "12_3|PENDING|0:00||ReqNodeNotAvail, UnavailableNodes:a|b\n"
        "13|RUNNING|1-02:03:04|node[01-02]|None\n"
        "14|SUSPENDED|INVALID|a|None\n"
        "slurm_load_jobs: a line of something else\n\n"
    )
    assert slurm.parse_queue(text) == {
        "12_3": SlurmJob("12_3", "PENDING", "", "ReqNodeNotAvail, UnavailableNodes:a|b", 0),
        "13": SlurmJob("13", "RUNNING", "node[01-02]", "", 93_784_000),
        "14": SlurmJob("14", "SUSPENDED", "a"),
    }


@pytest.mark.parametrize(
    ("word", "state", "sentence"),
    [
        ("PENDING", ProcessState.WAITING, "Waiting in Slurm: Priority."),
        ("CONFIGURING", ProcessState.WAITING, "Waiting in Slurm: Priority."),
        ("RUNNING", ProcessState.RUNNING, ""),
        ("COMPLETING", ProcessState.RUNNING, ""),
        ("SUSPENDED", ProcessState.RUNNING, "It is suspended in Slurm."),
        ("COMPLETED", ProcessState.FINISHED, ""),
        ("CANCELLED", ProcessState.STOPPED, "It was cancelled in Slurm."),
        ("FAILED", ProcessState.FAILED, "It failed in Slurm: Priority."),
        ("TIMEOUT", ProcessState.FAILED, "It reached its time limit in Slurm."),
        (
            "OUT_OF_MEMORY",
            ProcessState.FAILED,
            "It exceeded its memory limit in Slurm.",
        ),
        ("NODE_FAIL", ProcessState.LOST, "Its node failed."),
        ("PREEMPTED", ProcessState.FAILED, "Slurm ended it in favour of another job."),
        ("A_NEW_WORD", ProcessState.RUNNING, ""),
    ],
)
def test_each_state_of_slurm_has_one_here_with_what_it_means(
    word: str, state: ProcessState, sentence: str
) -> None:
    job = SlurmJob("1", word, reason="Priority")
    assert (job.state, job.sentence) == (state, sentence)


@pytest.mark.parametrize(
    ("word", "reason", "cause"),
    [
        ("RUNNING", "", (ProcessState.STOPPED, "")),
        ("COMPLETING", "", (ProcessState.STOPPED, slurm.ENDED_BY_SLURM)),
        (
            "COMPLETING",
            "TimeLimit",
            (ProcessState.FAILED, "It reached its time limit in Slurm."),
        ),
        ("NODE_FAIL", "", (ProcessState.LOST, "Its node failed.")),
        ("CANCELLED", "", (ProcessState.STOPPED, "It was cancelled in Slurm.")),
    ],
)
def test_what_slurm_ends_a_job_for_is_told_while_it_does(
    word: str, reason: str, cause: tuple[ProcessState, str]
) -> None:
    assert SlurmJob("1", word, reason=reason).cause() == cause


def test_the_accounting_is_read_without_the_users_it_names() -> None:
    text = "12|COMPLETED|None\n13|CANCELLED by 1000|None\n14|OUT_OF_ME+|NonZeroExitCode\n"
    assert slurm.parse_account(text, "13") == SlurmJob("13", "CANCELLED")
    assert slurm.parse_account(text, "12") == SlurmJob("12", "COMPLETED")
    assert slurm.parse_account(text, "1") is None


@pytest.mark.parametrize(
    ("text", "job_id"), [("17\n", "17"), ("17;cluster\n", "17"), ("", ""), ("Submitted", "")]
)
def test_the_id_of_a_submitted_job_is_taken_from_what_sbatch_says(text: str, job_id: str) -> None:
    assert slurm.submitted_id(text) == job_id


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            "x: error: y\nsbatch: error: Batch job submission failed: Invalid partition name\n",
            "Invalid partition name.",
        ),
        (
            "squeue: fatal: Unable to process configuration file",
            "Unable to process configuration file.",
        ),
        ("slurm_load_jobs error: Invalid job id specified", "Invalid job id specified."),
        ("\n", "it did not say why."),
        ("Invalid job", "Invalid job."),
    ],
)
def test_a_refusal_is_one_sentence(said: str, sentence: str) -> None:
    assert slurm.refusal(said) == sentence


@pytest.mark.parametrize(
    ("line", "is_over"),
    [
        ("slurmstepd: error: Job 12 exceeded memory limit (35 > 20), being killed", True),
        ("slurmstepd-n1.a: error: StepId=2.batch exceeded memory limit (35 > 20)", True),
        ("slurmstepd: error: Exceeded job memory limit", True),
        ("slurmstepd: error: Detected 1 oom_kill event in StepId=5.batch.", True),
        ("slurmstepd: error: *** JOB 2 ON node1 CANCELLED AT 2026-11-30T09:20:17 ***", False),
        ("the model exceeded its memory limit", False),
    ],
)
def test_slurm_says_in_the_log_that_a_job_took_too_much_memory(line: str, is_over: bool) -> None:
    assert is_over_memory(f"step 1\n{line}\nstep 2") is is_over


def test_a_task_that_never_ran_ends_as_its_array_does() -> None:
    ran, cancelled = SlurmJob("3_0", "COMPLETED"), SlurmJob("3", "CANCELLED")
    queue = {job.job_id: job for job in (ran, cancelled)}
    assert [job_of(queue, each) for each in ("3_0", "3_1", "4_1")] == [ran, cancelled, None]
