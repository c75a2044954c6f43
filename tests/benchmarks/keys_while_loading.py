"""How long a typed letter takes to appear while MLflow is being imported beside the interface.

There is no row to move to before MLflow has answered, so the keys are letters: in our filter,
against a bare field while another process imports MLflow.
"""

import subprocess
import sys
from collections.abc import Callable
from time import monotonic

from tests.benchmarks.place import place, python
from tests.benchmarks.quantile import p50, p95
from tests.benchmarks.ratio import Ratio
from tests.terminal import Terminal

TIMES = 6
BAR = 1.5
FIRST = "zzz"
"""Typed first: what follows it is nowhere else on the screen."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def measure() -> list[Ratio]:
    """Return median with 95th percentile of the latencies."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(TIMES):
        ours += _ours()
        theirs += _theirs()
    name = "while MLflow loads, bare Textual field"
    return [
        Ratio(f"key p50 {name}", p50(ours), p50(theirs), "ms"),
        Ratio(f"key p95 {name}", p95(ours), p95(theirs), "ms", BAR),
    ]


def _ours() -> list[float]:
    with Terminal(place().app) as terminal:
        terminal.wait_for("? Help")
        terminal.press("/")
        terminal.wait_for("filter")
        return _latencies(terminal, lambda: "live" not in terminal.screen)


def _theirs() -> list[float]:
    with (
        Terminal(python("bare_keys", "field")) as terminal,
        subprocess.Popen([sys.executable, "-c", "import mlflow"]) as importing,
    ):
        terminal.wait_for("type here")
        return _latencies(terminal, lambda: importing.poll() is None)


def _latencies(terminal: Terminal, loading: Callable[[], bool]) -> list[float]:
    """Type, letter by letter, as long as it is loading; return the milliseconds of each."""
    found = []
    typed = FIRST
    terminal.type(typed)
    terminal.wait_for(typed)
    for letter in LETTERS:
        if not loading():
            break
        typed += letter
        pressed = monotonic() - terminal.started
        terminal.type(letter)
        found.append(1000 * (terminal.wait_for(typed) - pressed))
        terminal.settle(0.03)
    return found
