"""What the digest of a file costs beside ``md5sum``."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from mlops_tui.services.data.file_digest import digest_of
from tests.benchmarks.ratio import Ratio

BAR = 1.2
SIZE = 1_000_000_000
ROUNDS = 3
BLOCK = bytes(range(256)) * 4096


def measure() -> list[Ratio]:
    """Measure the time of both over a gigabyte that the system has in memory; the best of three."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.bin"
        with path.open("wb") as file:
            for _ in range(SIZE // len(BLOCK)):
                file.write(BLOCK)
        command = ["md5sum", str(path)]
        theirs, ours = [], []
        for _ in range(ROUNDS):
            theirs.append(_took(lambda: subprocess.run(command, check=True, capture_output=True)))
            ours.append(_took(lambda: digest_of(path)))
    best = (1000 * min(ours), 1000 * min(theirs))
    return [Ratio("digest of 1 GB: time, md5sum", *best, "ms", BAR)]


def _took(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    sys.stdout.write(f"{measure()}\n")
