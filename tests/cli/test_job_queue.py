"""``mlops-tui queue``."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import detached
from tests.cli.conftest import Command
from tests.queueing import Jobs


@pytest.fixture
def jobs(tmp_path: Path) -> Iterator[Jobs]:
    with detached.nothing_left_behind():
        yield Jobs(tmp_path, slots=1)


def test_jobs_are_listed_moved_held_released_in_their_order(command: Command, jobs: Jobs) -> None:
    flags = ("--state-dir", str(jobs.state_dir))
    for name in "abcd":
        jobs.launch(name)
    listed = command("queue", *flags)
    assert listed.returncode == 0
    places = [(line[:1], line.split()[-3]) for line in listed.stdout.splitlines()[1:]]
    assert places == [(" ", "a"), ("1", "b"), ("2", "c"), ("3", "d")]
    assert listed.stderr == "mlops-tui: 1 of 1 slots busy, 3 waiting.\n"
    command("queue", "first", jobs.id("d"), *flags)
    assert jobs.waiting == ["d", "b", "c"]
    command("queue", "up", jobs.id("c"), *flags)
    command("queue", "down", jobs.id("d"), *flags)
    assert jobs.waiting == ["c", "d", "b"]
    held = command("queue", "hold", jobs.id("c"), jobs.id("d"), *flags)
    assert "held" in held.stdout
    found = json.loads(command("queue", "release", jobs.id("d"), "--json", *flags).stdout)
    assert (found["slots"], found["busy"]) == (1, 1)
    assert [(job["name"], job["place"], job["held"]) for job in found["jobs"]] == [
        ("a", None, False),
        ("c", 1, True),
        ("d", 2, False),
        ("b", 3, False),
    ]
    assert command("stop", jobs.id("c"), *flags).stdout.endswith("stopped\n")
    jobs.let_go(*"abd")
    jobs.ended(*"abd")
    assert jobs.journal() == ["+a", "-a", "+d", "-d", "+b", "-b"]


def test_the_number_of_slots_is_set_and_kept(command: Command) -> None:
    flags = ("--state-dir", "state")
    assert command("queue", "--slots", "7", *flags).stderr == "mlops-tui: 0 of 7 slots busy.\n"
    assert json.loads(command("queue", "--json", *flags).stdout)["slots"] == 7
    usual = json.loads(command("queue", "--slots", "auto", "--json", *flags).stdout)
    assert usual["slots"] == usual["usual_slots"] >= 1
    refused = command("queue", "--slots", "3", "--read-only", *flags)
    assert (refused.returncode, "read-only" in refused.stderr) == (2, True)
    assert command("queue", "--read-only", *flags).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--slots", "-1"), "must be a number or auto, got '-1'"),
        (("--slots", "many"), "must be a number or auto, got 'many'"),
        (("--slots", "1000"), "from 0 to 999"),
        (("hold",), "hold needs a job: mlops-tui queue hold JOB."),
        (("lift", "last"), "invalid choice: 'lift'"),
    ],
)
def test_wrong_use_is_told(command: Command, arguments: tuple[str, ...], why: str) -> None:
    done = command("queue", *arguments, "--state-dir", "state")
    assert (done.returncode, why in done.stderr) == (2, True)


def test_a_job_that_is_unknown_or_runs_is_not_held(command: Command, jobs: Jobs) -> None:
    flags = ("--state-dir", str(jobs.state_dir))
    assert command("queue", "hold", "last", *flags).returncode == 1
    jobs.launch("a")
    done = command("queue", "hold", "last", *flags)
    assert done.returncode == 1
    assert done.stderr == "mlops-tui: a does not wait: it is running.\n"
    jobs.let_go("a")
    jobs.ended("a")


def test_a_job_that_has_to_wait_says_so_at_its_launch(
    command: Command, jobs: Jobs, tmp_path: Path
) -> None:
    flags = ("--state-dir", str(jobs.state_dir))
    command("queue", "--slots", "0", *flags)
    (tmp_path / "train.py").write_text("print('trained')")
    done = command("train", "train.py", *flags)
    assert done.returncode == 0
    assert done.stderr.endswith(
        " The job waits for a free slot; mlops-tui queue shows its position.\n"
    )
    assert command("stop", "last", *flags).stdout.endswith("stopped\n")
