"""The load of the machine that we run on."""

import os
import shutil
import time
from pathlib import Path

from mlops_tui.domain.machine.machine_load import Amount, BoxLoad, CpuTimes, cpu_share
from mlops_tui.services.machine.gpu_load import read_gpus

FIRST_SPAN = 0.1
"""Seconds between the two looks that the first answer needs."""


def read_load(directory: Path, before: CpuTimes | None = None) -> BoxLoad:
    """Return how busy the machine is, its CPU since the look ``before``."""
    import psutil

    if before is None:
        before = _cpu_times()
        time.sleep(FIRST_SPAN)
    gpus, memory = read_gpus(), psutil.virtual_memory()
    now = _cpu_times()
    return BoxLoad(
        cpu=cpu_share(before, now),
        cores=os.cpu_count() or 1,
        memory=Amount(memory.total - memory.available, memory.total),
        disk=_disk(directory),
        gpus=gpus,
        cpu_times=now,
    )


def _cpu_times() -> CpuTimes:
    """Return the times; those of guests are counted in ``user`` already."""
    import psutil

    times = psutil.cpu_times()
    waiting = times.idle + getattr(times, "iowait", 0.0)
    guests = getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0)
    total = sum(times) - guests
    return CpuTimes(total - waiting, total)


def _disk(directory: Path) -> Amount | None:
    """Return what is used of the file system, as df counts: without what only root may fill."""
    try:
        usage = shutil.disk_usage(directory)
    except OSError:
        return None
    return Amount(usage.used, usage.used + usage.free)
