"""The values that a sweep tries of a parameter."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, log

from mlops_tui.domain.jobs.recipe import Parameter, Value, to_text

NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
RANGE = re.compile(rf"({NUMBER})\s*\.\.\s*({NUMBER})(.*)", re.DOTALL)
QUOTED = re.compile(r'"(?:[^"]|"")*"')
WHOLE = re.compile(r"[+-]?\d+")

EXAMPLE = "1e-4..1e-1 log, 2..10, or adam,sgd"
QUOTES = 'quote a value with a comma: "a,b"'

DIGITS = 6
"""Significant digits of a number drawn from a range: more say nothing, and are hard to read."""

FARTHEST = 1e308
"""The end of a range beyond which floats run out."""

MOST_POINTS = 100_000
"""Points of a grid, or of one range in it; whoever wants more wants another method."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values."""

    values: tuple[Value, ...]

    def points(self) -> tuple[Value, ...]:
        """Return the values of a grid."""
        return self.values

    def at(self, share: float) -> Value:
        """Return the value at a share from 0 to below 1 of the way through."""
        return self.values[int(share * len(self.values))]


@dataclass(frozen=True, slots=True)
class Range:
    """A number from ``low`` to ``high``, both included.

    ``is_log`` spreads it evenly over orders of magnitude; ``count`` is how many points a grid
    takes, 0 where that was not said. ``is_text`` gives the numbers as texts.
    """

    low: float
    high: float
    is_whole: bool = False
    is_log: bool = False
    count: int = 0
    is_text: bool = False

    def points(self) -> tuple[Value, ...]:
        """Return the values of a grid; raises ``ValueError`` where it has no end of them."""
        if self.is_whole and not self.count:
            if self.high - self.low >= MOST_POINTS:
                raise ValueError(f"more than {MOST_POINTS:,} values")
            return tuple(self.value(number) for number in range(int(self.low), int(self.high) + 1))
        if not self.count:
            raise ValueError(f"a grid needs a list, or a number of points: {self}:4")
        shares = [number / (self.count - 1) for number in range(self.count)]
        return tuple(dict.fromkeys(self.value(self._between(share)) for share in shares))

    def at(self, share: float) -> Value:
        """Return the value at a share from 0 to below 1 of the way through."""
        if not self.is_whole:
            return self.value(self._between(share))
        # Each whole number has a stretch of its own, of length 1 before a logarithm.
        above = Range(self.low, self.high + 1, is_log=self.is_log)
        return self.value(int(above._between(share)))

    def value(self, number: float) -> Value:
        """Return the number as the parameter takes it: rounded, never beyond the ends."""
        near = round(number) if self.is_whole else float(f"{number:.{DIGITS}g}")
        near = min(max(near, self.low), self.high)
        typed: Value = int(near) if self.is_whole else near
        return str(typed) if self.is_text else typed

    def _between(self, share: float) -> float:
        if self.is_log:
            return exp(log(self.low) + share * (log(self.high) - log(self.low)))
        # Two products stay finite where a difference may not.
        return self.low * (1 - share) + self.high * share

    def __str__(self) -> str:
        ends = f"{self.low:g}..{self.high:g}"
        return f"{ends}:log" if self.is_log else ends


Dimension = Choice | Range
SearchSpace = Mapping[str, Dimension]
"""Name of a parameter to the values tried of it."""


def parse_dimension(parameter: Parameter, text: str) -> Dimension | None:
    """Return what a text like ``1e-4..1e-1 log`` or ``adam,sgd`` means, None for a single value.

    Words after a range stand behind a blank or a colon: ``log``, or how many points a grid takes.
    A value that holds a comma stands in double quotes, unless it is the default as it stands.
    Raises ``ValueError`` with the reason.
    """
    text = text.strip()
    if not parameter.can_be_swept or text == to_text(parameter.default).strip():
        return None
    found = RANGE.fullmatch(text)
    if found and parameter.type is not bool and not parameter.many:
        return _range(parameter, found[1], found[2], found[3])
    each = _listed(text)
    if len(each) < 2:  # noqa: PLR2004 - one value is no choice
        return None
    return _choice(parameter, each)


def fixed_text(parameter: Parameter, text: str) -> str:
    """Return the single value that a text means: without the quotes that kept it in one."""
    text = text.strip()
    if not parameter.can_be_swept or text == to_text(parameter.default).strip():
        return text
    each = _listed(text)
    return each[0] if len(each) == 1 and QUOTED.fullmatch(text) else text


def single_text(parameter: Parameter, text: str) -> str:
    """Return the text that means this one value: in quotes where it would be a list or a range."""
    try:
        is_single = parse_dimension(parameter, text) is None
    except ValueError:
        is_single = False
    if is_single and fixed_text(parameter, text) == text.strip():
        return text
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def parse_fields(
    parameters: Sequence[Parameter], texts: Mapping[str, str]
) -> tuple[dict[str, Dimension], dict[str, Value | None], dict[str, str]]:
    """Return what is swept, the values of the others, the reasons of wrong fields, by name."""
    space: dict[str, Dimension] = {}
    fixed: dict[str, Value | None] = {}
    reasons: dict[str, str] = {}
    for parameter in parameters:
        text = texts.get(parameter.name, "")
        try:
            dimension = parse_dimension(parameter, text)
            if dimension is None:
                fixed[parameter.name] = parameter.parse(fixed_text(parameter, text))
            else:
                space[parameter.name] = dimension
        except ValueError as error:
            reasons[parameter.name] = str(error)
    return space, fixed, reasons


def _listed(text: str) -> list[str]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), skipinitialspace=True))
    except csv.Error as error:
        raise ValueError(f"no list: {error}") from None
    return [each.strip() for row in rows for each in row]


def _choice(parameter: Parameter, each: Sequence[str]) -> Choice:
    values: list[Value] = []
    for text in each:
        value = parameter.parse(text) if text else None
        if value is None:
            raise ValueError("a value of the list is empty")
        if value in values:
            raise ValueError(f"{text} is in the list twice")
        values.append(value)
    return Choice(tuple(values))


def _range(parameter: Parameter, low: str, high: str, words: str) -> Range:
    is_log, count = False, 0
    for word in words.replace(":", " ").split():
        if word == "log" and not is_log:
            is_log = True
        elif word.isdecimal() and not count and 2 <= int(word) <= MOST_POINTS:  # noqa: PLR2004
            count = int(word)
        else:
            raise ValueError(f"{word} is not understood after a range; write 1e-4..1e-1 log")
    is_text = parameter.type is str
    if is_text:
        if parameter.choices:
            raise ValueError(f"a list of {', '.join(parameter.choices)}")
        looks_whole = all(map(WHOLE.fullmatch, (low, high)))
        parameter = Parameter(parameter.name, None, kind=int if looks_whole else float)
    start, end = parameter.parse(low), parameter.parse(high)
    if not isinstance(start, int | float) or not isinstance(end, int | float) or start >= end:
        raise ValueError("a range must start below its end")
    if max(abs(start), abs(end)) > FARTHEST:
        raise ValueError(f"a range must end at {FARTHEST:g} or less")
    if is_log and start <= 0:
        raise ValueError("a log range must start above 0")
    return Range(start, end, parameter.type is int, is_log, count, is_text)
