"""Something that can be trained, with typed parameters."""

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite

from mlops_tui.domain.secrets import looks_secret, without_named

Value = int | float | str | bool
"""What a parameter holds."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One typed field of a form; the type is the default's unless ``kind`` says it.

    ``minimum`` and ``maximum`` are inclusive unless ``open_interval``; of a text, ``maximum`` is
    the number of characters. ``optional`` lets the field be empty, which leaves the parameter out.
    ``many`` takes several values, split as a shell would; its value is their text. ``count`` is how
    many they have to be, 0 for any number. ``constants`` are texts that are taken as they are,
    whatever the type. What ``can_be_swept`` has one value in a trial, another in the next; where
    the results are filed is the same for all.
    """

    name: str
    default: Value | None
    help: str = ""
    minimum: float | None = None
    maximum: float | None = None
    open_interval: bool = False
    choices: tuple[str, ...] = ()
    optional: bool = False
    kind: type[Value] | None = None
    many: bool = False
    count: int = 0
    constants: tuple[str, ...] = ()
    can_be_swept: bool = True

    @property
    def type(self) -> type[Value]:
        """What its values are."""
        if self.kind is not None:
            return self.kind
        return str if self.default is None else type(self.default)

    @property
    def is_secret(self) -> bool:
        """Whether its values are likely to be secrets, to be shown nowhere."""
        return self.type is str and looks_secret(self.name)

    def hides(self, value: Value | None) -> bool:
        """Return whether a value is to be kept out of records: it may be a secret, or hold one."""
        if not isinstance(value, str) or value.strip() in ("", to_text(self.default)):
            return False
        return self.is_secret or without_named(value) != value

    def parse(self, text: str) -> Value | None:
        """Return the value that the text stands for, None for an empty optional field.

        Raises ``ValueError`` with the reason as it is shown beside the field.
        """
        if text and text == to_text(self.default):
            return self.default
        text = text.strip()
        if not text:
            if self.optional:
                return None
            raise ValueError("needs a value")
        if "\0" in text:
            raise ValueError("holds a null character")
        if text in self.constants:
            return text
        return self._several(text) if self.many else self._one(text)

    def _several(self, text: str) -> str:
        found = words(text)
        if self.count and len(found) != self.count:
            raise ValueError(f"{self.count} values, not {len(found)}")
        for word in found:
            self._one(word)
        return text

    def _one(self, text: str) -> Value:
        value = self._typed(text)
        self._check_range(value)
        if self.choices and to_text(value) not in self.choices:
            raise ValueError(f"one of {', '.join(self.choices)}")
        return value

    def _typed(self, text: str) -> Value:
        if self.type is bool:
            if text.lower() not in ("true", "false"):
                raise ValueError("true or false")
            return text.lower() == "true"
        if self.type is int:
            try:
                return int(text)
            except ValueError:
                raise ValueError("a whole number") from None
        if self.type is float:
            try:
                number = float(text)
            except ValueError:
                raise ValueError("a number") from None
            if not isfinite(number):
                raise ValueError("a finite number")
            return number
        return text

    def _check_range(self, value: Value) -> None:
        if isinstance(value, bool):
            return
        low, high = self.minimum, self.maximum
        if isinstance(value, str):
            if high is not None and len(value) > high:
                raise ValueError(f"at most {high:g} characters")
            return
        if low is not None and (value <= low if self.open_interval else value < low):
            raise ValueError(f"{'more than' if self.open_interval else 'at least'} {low:g}")
        if high is not None and (value >= high if self.open_interval else value > high):
            raise ValueError(f"{'less than' if self.open_interval else 'at most'} {high:g}")


@dataclass(frozen=True, slots=True)
class Recipe:
    """A built-in training program.

    ``check`` looks at the values together, returning the reason per parameter name; ``train`` runs
    in the job's own process with one value per parameter (``None`` for an empty optional one).
    """

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    train: Callable[[Mapping[str, Value | None]], None]
    check: Callable[[Mapping[str, Value | None]], Mapping[str, str]] = lambda _values: {}


def words(text: str) -> list[str]:
    """Return the words of a text as a shell splits them; nothing is replaced or run.

    Raises ``ValueError`` with the reason.
    """
    try:
        return shlex.split(text)
    except ValueError as error:
        raise ValueError(f"a quote is not closed: {error}") from None


def parse_fields(
    parameters: Sequence[Parameter], texts: Mapping[str, str]
) -> tuple[dict[str, Value | None], dict[str, str]]:
    """Return the values of filled fields with the reasons of the wrong ones, by name."""
    values: dict[str, Value | None] = {}
    reasons: dict[str, str] = {}
    for parameter in parameters:
        try:
            values[parameter.name] = parameter.parse(texts.get(parameter.name, ""))
        except ValueError as error:
            reasons[parameter.name] = str(error)
    return values, reasons


def parse_all(
    recipe: Recipe, texts: Mapping[str, str]
) -> tuple[dict[str, Value | None], dict[str, str]]:
    """Return the values of a filled form with the reasons of the wrong fields, by name."""
    values, reasons = parse_fields(recipe.parameters, texts)
    if not reasons:
        reasons.update(recipe.check(values))
    return values, reasons


def to_text(value: Value | None) -> str:
    """Return the text that a form shows for the value, which ``Parameter.parse`` takes back."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
