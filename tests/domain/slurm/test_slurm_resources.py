import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.slurm.slurm_resources import SlurmResources, array_range


def test_what_is_not_asked_for_is_left_to_the_cluster() -> None:
    assert SlurmResources().checked().flags() == ()


def test_all_that_can_be_asked_for_becomes_flags_of_sbatch() -> None:
    wanted = SlurmResources("gpu,big", 4, "a100:2", "16G", "1-02:30:00", "lab-7")
    assert wanted.checked().flags() == (
        "--partition=gpu,big",
        "--cpus-per-task=4",
        "--gpus=a100:2",
        "--mem=16G",
        "--time=1-02:30:00",
        "--account=lab-7",
    )


@pytest.mark.parametrize("time", ["90", "2:30:00", "90:30", "1-0", "2-12:30", "2-12:30:15"])
def test_slurm_has_six_ways_to_write_a_time(time: str) -> None:
    assert SlurmResources(time_limit=time).problems() == {}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (SlurmResources(partition="$(id)"), "partition: a partition's name."),
        (SlurmResources(partition="a\n"), "partition: a partition's name."),
        (SlurmResources(cpus=0), "cpus: a whole number from 1 to 100,000."),
        (SlurmResources(gpus="0"), "gpus: a number, or a type with a number: a100:2."),
        (SlurmResources(memory="16 GB"), "memory: megabytes, or a number with K, M, G or T: 16G."),
        (SlurmResources(time_limit="0:00"), "time_limit: minutes, H:MM:SS or D-HH:MM:SS: 2:30:00."),
        (SlurmResources(time_limit="2h"), "time_limit: minutes, H:MM:SS or D-HH:MM:SS: 2:30:00."),
        (SlurmResources(account="a b"), "account: an account's name."),
    ],
)
def test_what_slurm_would_not_understand_is_refused(wrong: SlurmResources, sentence: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        wrong.checked()
    assert str(refusal.value) == sentence


def test_every_wrong_field_is_named_at_once() -> None:
    assert set(SlurmResources(gpus="x", memory="y").problems()) == {"gpus", "memory"}


def test_an_array_may_limit_how_many_run_at_once() -> None:
    assert array_range(10, 4) == "0-9%4"
    assert array_range(1, 1) == "0-0%1"
