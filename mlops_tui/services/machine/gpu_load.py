"""The load of NVIDIA's GPUs: by its library where that is installed, else by its command."""

import importlib
import math
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from typing import Any

from mlops_tui.domain.machine.machine_load import Amount, GpuLoad
from mlops_tui.services.processes.brief_command import answer_of

COMMAND = "nvidia-smi"
QUERY = (
    "--query-gpu=utilization.gpu,memory.used,memory.total",
    "--format=csv,noheader,nounits",
)
COLUMNS = 3
TIMEOUT = 5.0
"""Seconds after which the command is given up: it hangs where a driver does."""
MEBIBYTE = 1 << 20
"""The command's unit."""


def read_gpus() -> tuple[GpuLoad, ...]:
    """Return the GPUs of this machine; none where nothing can tell."""
    library = _library()
    if library is not None:
        try:
            return tuple(_by_library(library))
        except library.NVMLError:  # a card has fallen off, or the driver was renewed under us
            _library.cache_clear()
    return tuple(_by_command())


@cache
def _library() -> Any:
    """Return NVML, begun, for as long as we run; None where it is missing or has no driver."""
    try:
        library = importlib.import_module("pynvml")
    except ImportError:
        return None
    try:
        library.nvmlInit()
    except library.NVMLError:
        return None
    return library


def _by_library(library: Any) -> Iterator[GpuLoad]:
    for number in range(library.nvmlDeviceGetCount()):
        handle = library.nvmlDeviceGetHandleByIndex(number)
        busy = memory = None
        with suppress(library.NVMLError):  # a slice of a card (MIG) does not say
            busy = library.nvmlDeviceGetUtilizationRates(handle).gpu / 100
        with suppress(library.NVMLError):  # a card without memory of its own does not say
            found = library.nvmlDeviceGetMemoryInfo(handle)
            memory = Amount(int(found.used), int(found.total))
        yield GpuLoad(busy, memory)


def _by_command() -> Iterator[GpuLoad]:
    command = shutil.which(COMMAND)
    if command is None:
        return
    try:
        done = answer_of([command, *QUERY], limit=TIMEOUT)
    except (OSError, subprocess.SubprocessError):
        return
    if done.returncode:
        return
    for line in done.stdout.splitlines():
        numbers = [_number(text) for text in line.split(",")]
        if len(numbers) == COLUMNS:
            yield _gpu(*numbers)


def _gpu(busy: float | None, used: float | None, total: float | None) -> GpuLoad:
    memory = None
    if used is not None and total is not None:
        memory = Amount(int(used * MEBIBYTE), int(total * MEBIBYTE))
    return GpuLoad(None if busy is None else busy / 100, memory)


def _number(text: str) -> float | None:
    """Return the number; the command says [N/A] for what it does not know."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) and number >= 0 else None
