"""GPUs of a machine that has none: NVIDIA's parts are played by a script, and by a module."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlops_tui.domain.machine.machine_load import Amount, GpuLoad
from mlops_tui.services.machine import gpu_load

MIB = 1 << 20

LIBRARY = """
from types import SimpleNamespace as Facts
class NVMLError(Exception): pass
def nvmlInit():
    if {driver!r} == "missing": raise NVMLError
def nvmlDeviceGetCount(): return 2
def nvmlDeviceGetHandleByIndex(number):
    if {driver!r} == "lost": raise NVMLError
    return number
def nvmlDeviceGetUtilizationRates(handle):
    if handle == 1: raise NVMLError
    return Facts(gpu=97)
def nvmlDeviceGetMemoryInfo(handle):
    if handle == 1: raise NVMLError
    return Facts(used=3, total=4, free=1)
"""
COMMAND_S = (GpuLoad(0.12, Amount(100 * MIB, 24576 * MIB)),)
"""What the command says where the library does not."""


@pytest.fixture(autouse=True)
def no_library(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget the library before and after; let it be missing where a test does not make it."""
    gpu_load._library.cache_clear()
    monkeypatch.setitem(sys.modules, "pynvml", None)
    yield
    gpu_load._library.cache_clear()


def install_library(place: Path, monkeypatch: pytest.MonkeyPatch, driver: str = "there") -> None:
    (place / "pynvml.py").write_text(LIBRARY.format(driver=driver))
    monkeypatch.delitem(sys.modules, "pynvml")
    monkeypatch.syspath_prepend(str(place))


def install_command(place: Path, monkeypatch: pytest.MonkeyPatch, body: str) -> None:
    script = place / "nvidia-smi"
    script.write_text(f"#!{sys.executable}\nimport sys\n{body}\n")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(place))


def test_the_command_tells_of_each_gpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = (
        "assert sys.argv[1] == '--query-gpu=utilization.gpu,memory.used,memory.total'\n"
        "print('98, 23000, 24576\\n[N/A], 100, 24576\\n3, [N/A], [N/A]\\nno devices\\nnan, 1, -2')"
    )
    install_command(tmp_path, monkeypatch, body)
    assert gpu_load.read_gpus() == (
        GpuLoad(0.98, Amount(23000 * MIB, 24576 * MIB)),
        GpuLoad(None, Amount(100 * MIB, 24576 * MIB)),
        GpuLoad(0.03, None),
        GpuLoad(None, None),
    )


@pytest.mark.parametrize("body", ["sys.exit(9)", "import time; time.sleep(600)"])
def test_a_command_that_fails_or_hangs_tells_of_none(
    body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gpu_load, "TIMEOUT", 1.0)
    install_command(tmp_path, monkeypatch, body)
    assert gpu_load.read_gpus() == ()


def test_the_library_is_asked_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_command(tmp_path, monkeypatch, "print('12, 100, 24576')")
    install_library(tmp_path, monkeypatch)
    assert gpu_load.read_gpus() == (GpuLoad(0.97, Amount(3, 4)), GpuLoad(None, None))


@pytest.mark.parametrize("driver", ["missing", "lost"])
def test_a_library_without_its_driver_leaves_it_to_the_command(
    driver: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_command(tmp_path, monkeypatch, "print('12, 100, 24576')")
    install_library(tmp_path, monkeypatch, driver)
    assert gpu_load.read_gpus() == COMMAND_S
