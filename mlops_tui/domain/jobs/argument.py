"""An argument of a program: a typed field with the way it is written on a command line."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mlops_tui.domain.jobs.dialect import PLAIN, Dialect
from mlops_tui.domain.jobs.recipe import Parameter, Value, to_text, words

TIED = "="
"""A flag that ends with it is one word with its value."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a program.

    ``flag`` is empty for a positional one, and for a switch that can only be turned off by
    ``off_flag``. ``spelled`` are the words for true and false where a flag is followed by them.
    ``repeated`` writes the flag once for each of several values, ``adds`` are values that the
    program keeps before them. ``depth`` is how many sub-commands stand before it.
    ``constants`` are texts that stand for a flag without a value.
    """

    parameter: Parameter
    flag: str = ""
    off_flag: str = ""
    spelled: tuple[str, str] | None = None
    repeated: bool = False
    adds: str = ""
    depth: int = 0
    constants: Mapping[str, str] = field(default_factory=dict)
    dialect: Dialect = PLAIN
    spell: Callable[[Value], str] | None = None
    """Writes a value in the library's own language; raises ``ValueError`` with the reason."""

    @property
    def is_positional(self) -> bool:
        """Whether its place, not a flag, says what it is."""
        return not self.flag and not self.off_flag and not self.constants

    @property
    def is_switch(self) -> bool:
        """Whether a flag without a value is all that is written."""
        is_bool = self.parameter.type is bool and not self.parameter.many
        has_words = self.spelled is not None or self.spell is not None
        return is_bool and not self.is_positional and not has_words

    @property
    def share(self) -> str:
        """How many words a positional argument takes, as a pattern."""
        parameter = self.parameter
        if parameter.count:
            return f"A{{{parameter.count}}}"
        few = "" if parameter.optional else "A"
        return few + ("A*" if parameter.many else "A?" if parameter.optional else "")

    def is_default(self, value: Value | None) -> bool:
        """Return whether the program takes this value when nothing is written."""
        default = self.parameter.default
        return value is None or (value == default and type(value) is type(default))

    def problem(self, value: Value | None) -> str:
        """Return why no words of a command line mean this value, empty where some do."""
        if value is None or self.is_default(value) or str(value) in self.constants:
            return ""
        if self.is_switch:
            flag = self.flag if value else self.off_flag
            return "" if flag else f"the program has no flag for {to_text(value)}"
        if not self.flag and self.constants:
            return f"one of {', '.join(self.constants)}"
        if self.spell is not None:
            return self._misspelled(value)
        if self.is_positional:
            return self._replaced(value)
        return self._mistaken(str(value)) if self.parameter.many else ""

    def _misspelled(self, value: Value) -> str:
        try:
            self._word(value)
        except ValueError as error:
            return str(error)
        return ""

    def _replaced(self, value: Value) -> str:
        """Return why a word at a place would not stay as it is."""
        found = (word for word in self.written(value) if word and word[0] in self.dialect.files)
        return "".join(f"{word} would be read as a file of arguments" for word in [*found][:1])

    def _mistaken(self, text: str) -> str:
        """Return why several values would not be taken as what they are."""
        each, before = self._each(text), self._each(self.adds)
        if each[: len(before)] != before or (each == before and not self.parameter.optional):
            return f"begins with {' '.join(before)}, then more: the program adds to it"
        tied = self.repeated or (len(each) == 1 and self._can_tie)
        wrong = [] if tied else [word for word in each if self.dialect.is_flag_like(word)]
        return f"{wrong[0]} would be taken for a flag" if wrong else ""

    def written(self, value: Value | None) -> list[str]:
        """Return the words for a value that is not the default."""
        if value is None:
            return []
        if flag := self.constants.get(str(value)):
            return [flag]
        if self.is_switch:
            flag = self.flag if value else self.off_flag
            return [flag] if flag else []
        each = self._each(str(value)) if self.parameter.many else [self._word(value)]
        if self.is_positional or not each:
            return each
        each = each[len(self._each(self.adds)) :]
        if self.repeated:
            return [word for one in each for word in self._flagged([one])]
        return self._flagged(each) if each else []

    def _each(self, text: str) -> list[str]:
        """Return several values as they are written."""
        return [self._one(word) for word in words(text)]

    def _one(self, word: str) -> str:
        kind = self.parameter.type
        if kind is bool and self.spelled is not None:
            return self.spelled[0] if word.lower() == "true" else self.spelled[1]
        if kind in (int, float) and self.dialect.is_flag_like(word):
            from decimal import Decimal  # noqa: PLC0415 - few values are so small, and negative

            return format(Decimal(word), "f")
        return word

    def _word(self, value: Value) -> str:
        if self.spell is not None:
            return self.spell(value)
        if isinstance(value, bool) and self.spelled is not None:
            return self.spelled[0] if value else self.spelled[1]
        return to_text(value)

    @property
    def _can_tie(self) -> bool:
        return self.flag[:1] == self.flag[1:2] or self.dialect.ties_short

    def _flagged(self, each: list[str]) -> list[str]:
        """Return flag with values; a value like ``-1`` is tied to it, lest it be read as a flag."""
        if self.flag.endswith(TIED):
            return [f"{self.flag}{word}" for word in each]
        if len(each) == 1 and self._can_tie and (not each[0] or self.dialect.has_prefix(each[0])):
            return [f"{self.flag}={each[0]}"]
        return [self.flag, *each]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What was read of the arguments that a program takes.

    ``source`` says what they were read from, ``note`` what the form leaves to free arguments.
    ``has_more`` is whether it takes more than could be read. ``commands`` are its sub-commands;
    ``command`` are the words of the one that was chosen; ``runs_alone`` is whether the program
    does its work without one. Of each of ``exclusive`` at most one can be given.
    """

    arguments: tuple[Argument, ...] = ()
    source: str = ""
    note: str = ""
    has_more: bool = False
    commands: Mapping[str, "CommandLine"] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    exclusive: tuple[frozenset[str], ...] = ()
    runs_alone: bool = False
    parameters: tuple[Parameter, ...] = field(init=False)

    def __post_init__(self) -> None:
        fields = tuple(argument.parameter for argument in self.arguments)
        object.__setattr__(self, "parameters", fields)

    def words(self, values: Mapping[str, Value | None], free: str = "") -> tuple[str, ...]:
        """Return the words of a command line: each sub-command behind what belongs before it."""
        found: list[str] = []
        for depth in range(len(self.command) + 1):
            here = [each for each in self.arguments if each.depth == depth]
            is_last = depth == len(self.command)
            found += self.command[max(0, depth - 1) : depth]
            found += command_words(here, values, free if is_last else "")
        return tuple(found)

    def problems(self, values: Mapping[str, Value | None]) -> dict[str, str]:
        """Return, by parameter, why no command line means these values."""
        found: dict[str, str] = {}
        given = [(each, values.get(each.parameter.name)) for each in self.arguments]
        for argument, value in given:
            if reason := argument.problem(value):
                found[argument.parameter.name] = reason
        for depth in range(len(self.command) + 1):
            places = [a for a, _ in given if a.is_positional and a.depth == depth]
            found |= _misplaced(places, values)
        told = [each.parameter.name for each, value in given if not each.is_default(value)]
        for group in self.exclusive:
            both = [name for name in told if name in group]
            if len(both) > 1:
                found.setdefault(both[1], f"not together with {both[0]}")
        return found


def _misplaced(places: Sequence[Argument], values: Mapping[str, Value | None]) -> dict[str, str]:
    """Return the positional argument whose values another would take: the first take most."""
    written = [len(each) for each in _places(places, values)]
    pattern = "".join(f"({each.share})" for each in places)
    taken = re.fullmatch(pattern, "A" * sum(written))
    if taken is None:
        return {}
    shares = [len(each or "") for each in taken.groups()]
    robbed = next((n for n, share in enumerate(shares) if share < written[n]), None)
    if robbed is None:
        return {}
    robber = next(n for n, share in enumerate(shares) if share > written[n])
    name, other = (places[n].parameter.name for n in (robbed, robber))
    return {name: f"would be taken for {other}"}


def command_words(
    arguments: Sequence[Argument], values: Mapping[str, Value | None], free: str = ""
) -> tuple[str, ...]:
    """Return the words for some arguments: what differs from the defaults, then the free ones.

    Positional arguments come first: after an option that takes several values they would be taken
    for one of those. One that begins with a dash comes last, behind ``--``.
    """
    placed = [each for each in arguments if each.is_positional]
    places = _places(placed, values)
    positional = [word for each in places for word in each]
    options: list[str] = []
    for argument in arguments:
        value = values.get(argument.parameter.name)
        if not argument.is_positional and not argument.is_default(value):
            options += argument.written(value)
    dashed = any(
        word and word[0] in argument.dialect.prefixes
        for argument, each in zip(placed, places, strict=True)
        for word in each
    )
    first, last = ((), ("--", *positional)) if dashed else (tuple(positional), ())
    return (*first, *options, *words(free), *last)


def _places(arguments: Sequence[Argument], values: Mapping[str, Value | None]) -> list[list[str]]:
    """Return the words of positional arguments, of defaults only before what may be left out."""
    each = [(argument, values.get(argument.parameter.name)) for argument in arguments]
    last = max(
        (
            n
            for n, (a, value) in enumerate(each)
            if a.parameter.optional and not a.is_default(value)
        ),
        default=-1,
    )
    found: list[list[str]] = []
    for number, (argument, value) in enumerate(each):
        is_told = number <= last or not argument.is_default(value)
        shown = argument.parameter.default if value is None else value
        found.append(argument.written(shown) if is_told else [])
    return found


def unique(arguments: Iterable[Argument]) -> tuple[Argument, ...]:
    """Return the arguments without those whose name came before."""
    found: dict[str, Argument] = {}
    for argument in arguments:
        found.setdefault(argument.parameter.name, argument)
    return tuple(found.values())
