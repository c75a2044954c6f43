from dataclasses import replace
from pathlib import Path

import pytest

from mlops_tui.domain.processes.process import ProcessState
from mlops_tui.services.launchers import slurm_node
from mlops_tui.services.processes import memory_kills
from tests import detached

EVENTS = "low 0\nhigh 0\nmax 21\noom 2\noom_kill {}\noom_group_kill 0\n"


@pytest.fixture
def step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the group of a Slurm step, our task in a group below it."""
    own = tmp_path / "own"
    own.write_text("1:name=systemd:/\n0::/job_7/step_batch/user/task_0\n")
    monkeypatch.setattr(memory_kills, "OWN", own)
    monkeypatch.setattr(memory_kills, "GROUPS", tmp_path / "groups")
    step = tmp_path / "groups" / "job_7" / "step_batch"
    (step / "user" / "task_0").mkdir(parents=True)
    return step


def test_a_job_that_the_kernel_ended_for_want_of_memory_says_so(step: Path) -> None:
    (step / "memory.events").write_text(EVENTS.format(1))
    killed = replace(detached.python(""), exit_code=-9)
    assert slurm_node._ended_by_slurm(step, killed, []) == (
        ProcessState.FAILED,
        "It exceeded its memory limit in Slurm.",
    )
    assert slurm_node._ended_by_slurm(step, replace(killed, exit_code=1), []) is None
    (step / "memory.events").write_text(EVENTS.format(0))
    assert slurm_node._ended_by_slurm(step, killed, []) is None


@pytest.mark.parametrize("events", ["oom_kill many", "oom_kill", ""])
def test_what_cannot_tell_counts_nothing(step: Path, events: str) -> None:
    assert memory_kills.count() == 0
    (step / "user" / "task_0" / "memory.events").write_text(events)
    assert memory_kills.count() == 0
    memory_kills.OWN.unlink()
    assert memory_kills.count() == 0
