"""What our two processes hold in memory, beside the bare app, the plain script."""

import psutil

from tests.benchmarks.bare_label import TEXT
from tests.benchmarks.place import NEWEST, place, python
from tests.benchmarks.ratio import Ratio
from tests.terminal import Terminal

MIB = 1 << 20


def measure() -> list[Ratio]:
    """Return the PSS: shared pages count once, divided among those who share them."""
    with (
        Terminal(place().app) as ours,
        Terminal(python("bare_label")) as bare,
        Terminal(python("plain_script", place().uri, "--stay")) as script,
    ):
        ours.wait_for(NEWEST, timeout=120)
        bare.wait_for(TEXT)
        script.wait_for(NEWEST, timeout=120)
        (service,) = psutil.Process(ours.pid).children()
        return [
            Ratio("memory of the interface, bare app", pss(ours.pid), pss(bare.pid), "MiB"),
            Ratio("memory of the services, script", pss(service.pid), pss(script.pid), "MiB"),
        ]


def pss(pid: int) -> float:
    """Return the MiB of a process."""
    return float(psutil.Process(pid).memory_full_info().pss / MIB)
