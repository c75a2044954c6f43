"""How far a job is, as its progress bar or its count of steps says."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite

LOOKED_AT = 50
"""Last lines in which a state is looked for."""

CLOCK = r"(?:\d+:)?\d+:\d\d"
TQDM = re.compile(
    r"(?P<label>[^|]*?)(?P<share>\d{1,3})%\|[^|]*\| *"
    r"(?P<done>[\d.]+[kMGTP]?)/(?P<total>[\d.]+[kMGTP]?)\w{0,3} "
    rf"\[(?P<taken>{CLOCK})<(?P<left>{CLOCK}|\?), *(?P<rate>[^\],]*)"
)
"""The bar of tqdm, as Hugging Face, Lightning or Ultralytics show it."""

KERAS = re.compile(
    r"^\s*(?P<done>\d+)/(?P<total>\d+) +(?:\[[=>.]+\]|[━─ ]+)"
    r"(?: -)?(?: ETA:)?(?: *(?P<left>\d+s|(?:\d+:)?\d+:\d\d)\b)?"
    r"(?:[ -]+(?P<rate>[\d.]+ ?[mu]?s/\w+))?"
)
STEPS = re.compile(
    r"\b(?P<label>step|epoch|batch|iter(?:ation)?|round|trial|fold)s?\b[\s:=#\[(]*"
    r"(?P<done>\d{1,12})\s*(?:/|of)\s*(?P<total>\d{1,12})\b",
    re.IGNORECASE,
)
PREFIXES = {"k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15}


@dataclass(frozen=True, slots=True)
class Progress:
    """The last state that was written. Times are in seconds."""

    done: float
    total: float
    label: str = ""
    """What is counted, as the log calls it."""
    rate: str = ""
    """As the log says it, such as ``45.0it/s``."""
    seconds_left: float | None = None

    @property
    def share(self) -> float:
        """How much is done, from 0 to 1."""
        return min(1.0, self.done / self.total)


def last_progress(lines: Sequence[str]) -> Progress | None:
    """Return the last state in the last lines, None where there is none.

    Of nested bars the uppermost counts: it says how far the whole is.
    """
    found: Progress | None = None
    for line in reversed(lines[-LOOKED_AT:]):
        state = progress_of(line)
        if state is None and found is not None:
            return found
        found = state or found
        if found is not None and not _may_be_nested(line):
            return found
    return found


def progress_of(line: str) -> Progress | None:
    """Return the state that a line tells of."""
    for pattern in (TQDM, KERAS, STEPS):
        for match in pattern.finditer(line[:1_000]):
            told = {key: value or "" for key, value in match.groupdict().items()}
            done, total = _count(told["done"]), _count(told["total"])
            if done is not None and total and done <= total:
                label = told.get("label", "").strip(" :-")
                rate = told.get("rate", "").strip()
                left = _seconds(told.get("left", ""))
                return Progress(done, total, label, "" if "?" in rate else rate, left)
    return None


def _may_be_nested(line: str) -> bool:
    return TQDM.search(line[:1_000]) is not None


def _count(text: str) -> float | None:
    try:
        count = float(text.rstrip("kMGTP")) * PREFIXES.get(text[-1:], 1)
    except ValueError:
        return None
    return count if isfinite(count) else None


def _seconds(text: str) -> float | None:
    """Return ``12s``, ``1:02`` or ``1:02:03`` in seconds."""
    if not text or text == "?":
        return None
    seconds = 0.0
    for part in text.rstrip("s").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds if isfinite(seconds) else None
