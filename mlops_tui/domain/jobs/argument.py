"""An argument of a program: a typed field with the way it is written on a command line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from mlops_tui.domain.jobs.recipe import Parameter, Value, to_text, words

TIED = "="
"""A flag that ends with it is one word with its value."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a program.

    ``flag`` is empty for a positional one, and for a switch that can only be turned off by
    ``off_flag``. ``spelled`` are the words for true and false where a flag is followed by them.
    ``repeated`` writes the flag once for each of several values. ``depth`` is how many sub-commands
    stand before it.
    """

    parameter: Parameter
    flag: str = ""
    off_flag: str = ""
    spelled: tuple[str, str] | None = None
    repeated: bool = False
    depth: int = 0

    @property
    def is_positional(self) -> bool:
        """Whether its place, not a flag, says what it is."""
        return not self.flag and not self.off_flag

    def written(self, value: Value | None) -> list[str]:
        """Return the words for a value that is not the default."""
        if value is None:
            return []
        if isinstance(value, bool) and not self.is_positional and self.spelled is None:
            flag = self.flag if value else self.off_flag
            return [flag] if flag else []
        each = words(str(value)) if self.parameter.many else [self._word(value)]
        if self.is_positional or not each:
            return each
        if self.repeated:
            return [word for one in each for word in self._flagged([one])]
        return self._flagged(each)

    def _word(self, value: Value) -> str:
        if isinstance(value, bool) and self.spelled is not None:
            return self.spelled[0] if value else self.spelled[1]
        return to_text(value)

    def _flagged(self, each: list[str]) -> list[str]:
        """Return flag with values; a value like ``-1`` is tied to it, lest it be read as a flag."""
        if self.flag.endswith(TIED):
            return [f"{self.flag}{word}" for word in each]
        if len(each) == 1 and self.flag.startswith("--") and (not each[0] or each[0][0] == "-"):
            return [f"{self.flag}={each[0]}"]
        return [self.flag, *each]


@dataclass(frozen=True, slots=True)
class CommandLine:
    """What was read of the arguments that a program takes.

    ``source`` says what they were read from, ``note`` what the form leaves to free arguments.
    ``has_more`` is whether it takes more than could be read. ``commands`` are its sub-commands;
    ``command`` are the words of the one that was chosen.
    """

    arguments: tuple[Argument, ...] = ()
    source: str = ""
    note: str = ""
    has_more: bool = False
    commands: Mapping[str, "CommandLine"] = field(default_factory=dict)
    command: tuple[str, ...] = ()
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


def command_words(
    arguments: Sequence[Argument], values: Mapping[str, Value | None], free: str = ""
) -> tuple[str, ...]:
    """Return the words for some arguments: what differs from the defaults, then the free ones.

    Positional arguments come first: after an option that takes several values they would be taken
    for one of those. One that begins with a dash comes last, behind ``--``.
    """
    positional: list[str] = []
    options: list[str] = []
    for argument in arguments:
        parameter = argument.parameter
        value = values.get(parameter.name, parameter.default)
        if argument.is_positional:
            positional += argument.written(value)
        elif value != parameter.default or type(value) is not type(parameter.default):
            options += argument.written(value)
    dashed = any(word.startswith("-") for word in positional)
    first, last = ((), ("--", *positional)) if dashed else (tuple(positional), ())
    return (*first, *options, *words(free), *last)


def unique(arguments: Iterable[Argument]) -> tuple[Argument, ...]:
    """Return the arguments without those whose name came before."""
    found: dict[str, Argument] = {}
    for argument in arguments:
        found.setdefault(argument.parameter.name, argument)
    return tuple(found.values())
