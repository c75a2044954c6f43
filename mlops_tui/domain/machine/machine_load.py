"""How busy a machine is."""

from collections.abc import Sequence
from dataclasses import dataclass

FULL = 0.9
"""The share above which something is nearly used up."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much of something is used, in bytes."""

    used: int
    total: int

    @property
    def share(self) -> float:
        """The part that is used, from 0 to 1."""
        return self.used / self.total if self.total else 0.0

    @property
    def free(self) -> int:
        """What is left, in bytes."""
        return max(0, self.total - self.used)


@dataclass(frozen=True, slots=True)
class CpuTimes:
    """Seconds since the machine was started, summed up over its cores."""

    busy: float
    total: float


@dataclass(frozen=True, slots=True)
class GpuLoad:
    """One GPU; what it does not say is None. ``busy`` is the share of time in which it worked."""

    busy: float | None
    memory: Amount | None


@dataclass(frozen=True, slots=True)
class BoxLoad:
    """The machine at one moment. ``cpu`` is the share of its time since the look before."""

    cpu: float
    cores: int
    memory: Amount
    disk: Amount | None
    """Of the file system of the working directory; None when that is gone."""
    gpus: tuple[GpuLoad, ...]
    cpu_times: CpuTimes


def cpu_share(before: CpuTimes, now: CpuTimes) -> float:
    """Return the part of the time between two looks in which the cores worked, from 0 to 1."""
    span = now.total - before.total
    return min(1.0, max(0.0, (now.busy - before.busy) / span)) if span > 0 else 0.0


def summed(gpus: Sequence[GpuLoad]) -> GpuLoad:
    """Return several GPUs as one: the mean of those that say how busy they are, all memory."""
    said = [gpu.busy for gpu in gpus if gpu.busy is not None]
    busy = sum(said) / len(said) if said else None
    known = [gpu.memory for gpu in gpus if gpu.memory is not None]
    memory = Amount(sum(each.used for each in known), sum(each.total for each in known))
    return GpuLoad(busy, memory if known else None)


def fullest(gpus: Sequence[GpuLoad]) -> float:
    """Return the used share of the memory of that GPU where it is highest."""
    return max((gpu.memory.share for gpu in gpus if gpu.memory), default=0.0)
