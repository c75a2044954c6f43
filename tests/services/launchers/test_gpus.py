import os
import sys
from pathlib import Path

import pytest

from mlops_tui.services.launchers import gpus
from mlops_tui.services.processes import process_identity


@pytest.fixture
def machine(tmp_path: Path) -> "Machine":
    return Machine(tmp_path)


class Machine:
    """A machine whose ``nvidia-smi`` says what it is told to."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.state_dir = folder / "state"
        self.state_dir.mkdir()

    def say(self, text: str, code: int = 0) -> None:
        program = self.bin / "nvidia-smi"
        program.write_text(f"#!{sys.executable}\nprint({text!r})\nraise SystemExit({code})\n")
        program.chmod(0o755)

    def forget(self) -> None:
        (self.state_dir / gpus.FILE).unlink()

    def gpus(self, **environ: str) -> tuple[str, ...]:
        return gpus.usable_gpus(self.state_dir, {"PATH": str(self.bin), **environ})


def test_a_machine_without_nvidias_driver_has_no_gpus(machine: Machine) -> None:
    assert machine.gpus() == ()
    assert list(machine.state_dir.iterdir()) == []


def test_gpus_are_counted_once_in_a_while(machine: Machine) -> None:
    machine.say("0\n1")
    assert machine.gpus() == ("0", "1")
    machine.say("0")
    assert machine.gpus() == ("0", "1")
    machine.forget()
    assert machine.gpus() == ("0",)


@pytest.mark.parametrize(("text", "code"), [("No devices were found", 0), ("0", 9), ("", 0)])
def test_a_driver_that_fails_names_no_gpus(machine: Machine, text: str, code: int) -> None:
    machine.say(text, code)
    assert machine.gpus() == ()


def test_a_driver_that_hangs_is_given_up(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gpus, "TIMEOUT", 0.2)
    machine.say("0")
    (machine.bin / "nvidia-smi").write_text(f"#!{sys.executable}\nimport time\ntime.sleep(600)\n")
    assert machine.gpus() == ()


def test_gpus_stay_known_while_the_driver_fails_until_the_machine_is_restarted(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpus, "FRESH", 0)
    machine.say("0\n1")
    assert machine.gpus() == ("0", "1")
    machine.say("", 9)
    assert machine.gpus() == ("0", "1")
    monkeypatch.setattr(process_identity, "boot_id", lambda: "another")
    assert machine.gpus() == ()


@pytest.mark.parametrize("text", ["[", '{"gpus": 7}', '{"asked_at": "now"}', "[]"])
def test_an_answer_that_was_spoilt_is_asked_for_anew(machine: Machine, text: str) -> None:
    machine.say("0")
    (machine.state_dir / gpus.FILE).write_text(text)
    assert machine.gpus() == ("0",)


def test_an_answer_that_cannot_be_kept_is_used(machine: Machine) -> None:
    machine.say("0")
    (machine.state_dir / gpus.FILE).mkdir()
    assert machine.gpus() == ("0",)


def test_nothing_is_written_where_nothing_was_started(machine: Machine) -> None:
    machine.say("0")
    machine.state_dir.rmdir()
    assert machine.gpus() == ("0",)
    assert not machine.state_dir.exists()


@pytest.mark.parametrize(
    ("limit", "found"),
    [
        ("1", ("1",)),
        ("3, 1", ("3", "1")),
        ("", ()),
        ("-1", ()),
        ("0,-1,2", ("0",)),
        ("GPU-5c9e,MIG-GPU-7/1/0", ("GPU-5c9e", "MIG-GPU-7/1/0")),
        ("0,\x1b[31m", ("0",)),
        ("x" * 101, ()),
        (",".join(["7"] * 65), ("7",) * 64),
    ],
)
def test_an_environment_limited_to_some_gpus_has_those(
    machine: Machine, limit: str, found: tuple[str, ...]
) -> None:
    machine.say("0\n1\n2\n3")
    assert machine.gpus(CUDA_VISIBLE_DEVICES=limit) == found


def test_a_process_sees_its_gpus_alone_by_the_numbers_that_they_were_counted_with() -> None:
    assert gpus.cuda_env((), {}) == {}
    own = {"CUDA_VISIBLE_DEVICES": "0,2", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}
    assert gpus.cuda_env(("0", "2"), {}) == own
    limited = {"CUDA_VISIBLE_DEVICES": "1,3"}
    assert gpus.cuda_env(("3",), limited) == {"CUDA_VISIBLE_DEVICES": "3"}


def test_a_job_to_a_gpu_else_to_two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    assert gpus.usual_slots(("0", "1", "2")) == 3
    for cores, slots in ((1, 2), (2, 2), (5, 2), (16, 8)):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _pid, n=cores: set(range(n)))
        assert gpus.usual_slots(()) == slots
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 12)
    assert gpus.usual_slots(()) == 6
