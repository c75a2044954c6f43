"""What a key costs in our table beside Textual's: bytes sent, time until the screen is right."""

import sys
from statistics import median

from tests.benchmarks.ratio import Ratio
from tests.terminal import Answer, Terminal

KEYS = 20
"""Keys of each kind; the figures are their medians."""

BYTES_BAR = 0.5
"""Of what DataTable sends for a key that scrolls."""


def measure() -> list[Ratio]:
    """Return bytes with latency of a key that moves the cursor, of one that scrolls."""
    ours, theirs = _keys("ours"), _keys("theirs")
    ratios = []
    for kind, bar in (("cursor key", None), ("scroll key", BYTES_BAR)):
        our_size, their_size = (median(a.size for a in answers[kind]) for answers in (ours, theirs))
        our_time, their_time = (
            1000 * median(a.last for a in answers[kind]) for answers in (ours, theirs)
        )
        ratios.append(Ratio(f"bytes per {kind}, 80x24, DataTable", our_size, their_size, "B", bar))
        ratios.append(Ratio(f"latency of a {kind}, DataTable", our_time, their_time, "ms"))
    return ratios


def _keys(kind: str) -> dict[str, list[Answer]]:
    command = [sys.executable, "-m", "tests.benchmarks.table_apps", kind]
    with Terminal(command, columns=80, lines=24) as terminal:
        terminal.wait_for("RandomForest_Run_20")
        terminal.settle()
        cursor = [terminal.answer_to("down") for _ in range(KEYS)]
        terminal.press(*["down"] * 4)
        scroll = [terminal.answer_to("down") for _ in range(KEYS)]
    return {"cursor key": cursor, "scroll key": scroll}
