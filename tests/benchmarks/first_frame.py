"""When the first frame stands, beside the least that Textual can show."""

from statistics import median

from tests.benchmarks.bare_label import TEXT
from tests.benchmarks.place import place, python
from tests.benchmarks.ratio import Ratio
from tests.terminal import Terminal

TIMES = 9
BAR = 1.35
LAST_LINE = "? Help"
"""Stands at the end of our last line: with it, the frame is whole."""


def measure() -> list[Ratio]:
    """Return the time from the start to the first frame."""
    programs = {"ours": (place().app, LAST_LINE), "theirs": (python("bare_label"), TEXT)}
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(TIMES + 1):
        for name, (command, text) in programs.items():
            with Terminal(command) as terminal:
                seconds = terminal.wait_for(text)
            if turn:  # the first one fills the caches
                times[name].append(1000 * seconds)
    ours, theirs = median(times["ours"]), median(times["theirs"])
    return [Ratio("first frame, bare Textual app", ours, theirs, "ms", BAR)]
