"""How long a key takes in the list of runs while another process writes one of them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from tests.benchmarks.place import Place, place, python
from tests.benchmarks.quantile import p50, p95
from tests.benchmarks.ratio import Ratio
from tests.terminal import Terminal

NAME = "being-written"
TIMES = 3
KEYS = 40


def measure() -> list[Ratio]:
    """Return median with 95th percentile of the latencies."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(TIMES):
        with run_being_written(place("writing")):
            ours += _latencies(place("writing").app, NAME)
            theirs += _latencies(python("bare_keys", "list"), "option 1")
    name = "while a run is written, bare Textual list"
    return [
        Ratio(f"key p50 {name}", p50(ours), p50(theirs), "ms"),
        Ratio(f"key p95 {name}", p95(ours), p95(theirs), "ms"),
    ]


@contextmanager
def run_being_written(where: Place) -> Iterator[None]:
    """Let another process log a metric all the time."""
    command = python("writer", where.uri, NAME)
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout
        process.stdout.readline()
        try:
            yield
        finally:
            process.kill()


def _latencies(command: list[str], text: str) -> list[float]:
    with Terminal(command) as terminal:
        terminal.wait_for(text, timeout=120)
        keys = (["down"] * 10 + ["up"] * 10) * (KEYS // 20)
        return [1000 * terminal.answer_to(key, quiet=0.06).first for key in keys]
