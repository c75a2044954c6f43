"""A filter of runs as it was understood."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """Where a run keeps what a key names."""

    METRIC = "metric"
    PARAM = "param"
    TAG = "tag"
    ATTRIBUTE = "attribute"


class Operator(StrEnum):
    """How a value is compared; the order operators take one number or time."""

    IS = "="
    IS_NOT = "!="
    CONTAINS = ":"
    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="


ORDER = {Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST}


class Form(StrEnum):
    """How a value was written."""

    PLAIN = "plain"
    QUOTED = "quoted"
    GLOB = "glob"
    REGEX = "regex"


@dataclass(frozen=True, slots=True)
class Value:
    """What is looked for; a plain number is one, a quoted number is a text."""

    text: str
    form: Form = Form.PLAIN


@dataclass(frozen=True, slots=True)
class Field:
    """A key; without a kind it is looked for among metrics, then params, then tags."""

    key: str
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """A text that occurs anywhere in a run, or in one kind of what it holds."""

    value: Value
    kind: Kind | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A field that a run has, compared with any of the values (for ``!=`` with all of them)."""

    field: Field
    operator: Operator
    values: tuple[Value, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Has:
    """A field that a run has, whatever its value."""

    field: Field
    source: str = ""


@dataclass(frozen=True, slots=True)
class Not:
    """What must not hold."""

    term: "Term"


@dataclass(frozen=True, slots=True)
class And:
    """Terms of which each must hold; without any, every run passes."""

    terms: tuple["Term", ...] = ()


@dataclass(frozen=True, slots=True)
class Or:
    """Terms of which one must hold."""

    terms: tuple["Term", ...]


Leaf = Word | Comparison | Has
Term = Leaf | Not | And | Or

EVERYTHING = And()


def leaves(term: Term) -> Iterator[Leaf]:
    """Yield the words, comparisons, keys of a filter."""
    match term:
        case Not(inner):
            yield from leaves(inner)
        case And(terms) | Or(terms):
            for each in terms:
                yield from leaves(each)
        case _:
            yield term


def kindless_keys(term: Term) -> frozenset[str]:
    """Return the keys that name no kind: which kinds they have, only the runs can tell."""
    return frozenset(
        leaf.field.key
        for leaf in leaves(term)
        if not isinstance(leaf, Word) and leaf.field.kind is None
    )
