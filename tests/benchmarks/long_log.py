"""How long a log of 100 MB takes to be counted and looked at, beside a loop that counts lines."""

from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from mlops_tui.services.logs.log_index import LogIndex
from tests.benchmarks.ratio import Ratio

SIZE = 100_000_000
TIMES = 5
BAR = 8.0
BLOCK = 1 << 20
LINE = b"2026-11-24 12:00:00 \x1b[32mINFO\x1b[0m step %d loss=0.1234\n"


def measure() -> list[Ratio]:
    """Return the time to know every line's place, by the time to know only how many there are."""
    with TemporaryDirectory(prefix="mlops-tui-bench-") as folder:
        path = Path(folder) / "output.log"
        path.write_bytes(b"".join(LINE % step for step in range(SIZE // len(LINE)))[:SIZE])
        ours = _time(lambda: LogIndex(path).update(3600))
        theirs = _time(lambda: _count(path))
    return [Ratio("log of 100 MB counted, bare loop", ours, theirs, "ms", BAR)]


def _count(path: Path) -> int:
    with path.open("rb") as file:
        return sum(block.count(b"\n") for block in iter(lambda: file.read(BLOCK), b""))


def _time(work: Callable[[], object]) -> float:
    times = []
    for _ in range(TIMES):
        begun = perf_counter()
        work()
        times.append(1000 * (perf_counter() - begun))
    return median(times)
