from pathlib import Path

import psutil
import pytest

from mlops_tui.services.machine import gpu_load, machine_load


@pytest.fixture(autouse=True)
def no_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the machine of the test have none."""
    monkeypatch.setattr(machine_load, "read_gpus", tuple)


def test_the_load_is_that_of_this_machine(tmp_path: Path) -> None:
    load = machine_load.read_load(tmp_path)
    assert 0 <= load.cpu <= 1
    assert load.cores >= 1
    assert load.memory.total == psutil.virtual_memory().total
    assert 0 < load.memory.used < load.memory.total
    assert load.disk
    assert 0 < load.disk.used < load.disk.total
    # As df says it: what only root may fill is neither used nor free.
    usage = psutil.disk_usage(str(tmp_path))
    assert abs(load.disk.share * 100 - usage.percent) < 1
    assert load.gpus == ()


def test_a_second_look_tells_of_the_time_between(tmp_path: Path) -> None:
    first = machine_load.read_load(tmp_path)
    while (second := machine_load.read_load(tmp_path, first.cpu_times)).cpu == 0:
        sum(range(100_000))
    assert second.cpu_times.total > first.cpu_times.total
    assert second.cpu_times.busy > first.cpu_times.busy


def test_without_a_working_directory_the_disk_is_not_known(tmp_path: Path) -> None:
    assert machine_load.read_load(tmp_path / "gone").disk is None


def test_a_machine_without_the_means_has_no_gpus(monkeypatch: pytest.MonkeyPatch) -> None:
    gpu_load._library.cache_clear()
    monkeypatch.setenv("PATH", "")
    assert gpu_load.read_gpus() == ()
