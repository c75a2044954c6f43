"""When the first run stands on the screen, beside a plain script that prints it."""

from statistics import median

from tests.benchmarks.place import NEWEST, place, python
from tests.benchmarks.ratio import Ratio
from tests.terminal import Terminal

TIMES = 5
BAR = 1.25


def measure() -> list[Ratio]:
    """Return the time from the start to the name of the newest run."""
    programs = {"ours": place().app, "theirs": python("plain_script", place().uri)}
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(TIMES + 1):
        for name, command in programs.items():
            with Terminal(command) as terminal:
                seconds = terminal.wait_for(NEWEST, timeout=120)
            if turn:  # the first one fills the caches
                times[name].append(1000 * seconds)
    ours, theirs = median(times["ours"]), median(times["theirs"])
    return [Ratio("first data, plain MLflow script", ours, theirs, "ms", BAR)]
