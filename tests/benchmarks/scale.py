"""A hundred thousand runs in one experiment while another process writes there."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import monotonic

from tests.benchmarks.keys_while_writing import NAME, run_being_written
from tests.benchmarks.memory import pss
from tests.benchmarks.place import LARGE, large_place, python
from tests.benchmarks.quantile import p95
from tests.benchmarks.ratio import Ratio
from tests.terminal import Terminal

TIMES = 3
KEYS, TURNS = 60, 5
FIRST_ROWS_BAR, KEY_BAR, SAMPLE_BAR = 1.25, 0.5, 1.3
MEMORY = 120
"""MiB that the interface may hold."""


def measure() -> list[Ratio]:
    """Return what the first rows, a key, the memory, a sort, the long metric cost."""
    place = large_place()
    sampled = _sampled_read()
    with run_being_written(place):
        first = _first_rows()
        with Terminal(place.app) as ours, _data_table() as theirs:
            ours.wait_for(" of ", timeout=120)
            all_known = 1000 * ours.wait_gone(" of ", timeout=240)
            our_keys, their_keys = _scroll_keys(ours, theirs)
            sorting = _keys_while_sorting(ours)
            held = pss(ours.pid)
    name = f"with {LARGE:,} runs"
    return [
        Ratio(f"first rows {name}, bare page of MLflow", *first, "ms", FIRST_ROWS_BAR),
        Ratio(f"scroll key p95 {name}, DataTable of 1,000", our_keys, their_keys, "ms", KEY_BAR),
        Ratio(f"key p95 while {LARGE:,} are sorted, the same", sorting, their_keys, "ms"),
        Ratio(f"memory of the interface {name}, limit", held, MEMORY, "MiB", 1.0),
        Ratio("1,000,000 points of a metric, store's sampled read", *sampled, "ms", SAMPLE_BAR),
        Ratio("until all is known, first rows", all_known, first[0], "ms"),
    ]


def _first_rows() -> tuple[float, float]:
    """Return when the newest run stands on the screen, when a plain script prints it."""
    programs = {"ours": large_place().app, "theirs": python("plain_script", large_place().uri)}
    times: dict[str, list[float]] = {name: [] for name in programs}
    for turn in range(TIMES + 1):
        for name, command in programs.items():
            with Terminal(command) as terminal:
                seconds = terminal.wait_for(NAME, timeout=240)
            if turn:
                times[name].append(1000 * seconds)
    return median(times["ours"]), median(times["theirs"])


def _sampled_read() -> tuple[float, float]:
    run_id = f"{LARGE - 1:032x}"
    command = python("sampled_read", large_place().uri, run_id, "signal")
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found = json.loads(printed)
    return found["ours"], found["theirs"]


@contextmanager
def _data_table() -> Iterator[Terminal]:
    with Terminal([sys.executable, "-m", "tests.benchmarks.table_apps", "theirs"]) as terminal:
        terminal.wait_for("RandomForest_Run_20")
        yield terminal


def _scroll_keys(*terminals: Terminal) -> list[float]:
    """Return what a key takes in each, in turns: what the machine does besides hits all alike."""
    times: list[list[float]] = [[] for _ in terminals]
    for terminal in terminals:
        terminal.press(*["down"] * 24)
    for _ in range(TURNS):
        for terminal, found in zip(terminals, times, strict=True):
            found += [terminal.answer_to("down", quiet=0.06).first for _ in range(KEYS)]
    return [1000 * p95(found) for found in times]


def _keys_while_sorting(terminal: Terminal) -> float:
    """Return how long a key takes right after another that turns the order of all runs round."""
    terminal.press("s")
    terminal.wait_for("Sort by")
    terminal.type("accuracy")
    terminal.settle()
    terminal.press("enter")
    terminal.settle()
    times = []
    for turn in range(KEYS // 3):
        terminal.settle(0.3)
        terminal.type("S")
        begun, before = monotonic(), terminal.received
        terminal.press("up" if turn % 2 else "down")
        while terminal.received == before:
            terminal.settle(0.0)
        times.append(1000 * (monotonic() - begun))
    return p95(times)
