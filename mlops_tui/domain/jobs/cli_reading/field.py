"""A field of the form, from what a program says of one argument."""

import ast
from collections.abc import Sequence

from mlops_tui.domain.jobs.cli_reading.literal import UNKNOWN, last_name
from mlops_tui.domain.jobs.recipe import Parameter, Value
from mlops_tui.domain.secrets import EXPOSED, looks_secret

KINDS: dict[str, type[Value]] = {
    "int": int,
    "INT": int,
    "integer": int,
    "IntRange": int,
    "count": int,
    "float": float,
    "FLOAT": float,
    "double": float,
    "FloatRange": float,
    "str": str,
    "Path": str,
    "bool": bool,
    "BOOL": bool,
}
"""Names of types to the types that a form knows; any other takes a text."""


def kind_of(node: ast.expr | None) -> type[Value]:
    """Return the form's type for a type that a program names."""
    return KINDS.get(last_name(node), str)


def simple(value: object) -> Value | None:
    """Return a value that a form can hold, None for any other."""
    return value if isinstance(value, int | float | str | bool) else None


def joined(value: object) -> str | None:
    """Return several values as they are typed into one field."""
    import shlex  # noqa: PLC0415 - few programs take several values

    if not isinstance(value, list | tuple | set) or not value:
        return None
    return shlex.join(str(each) for each in value)


def field(  # noqa: PLR0913 - what can be said of an argument
    name: str,
    kind: type[Value],
    default: object = None,
    *,
    help: str = "",  # noqa: A002 - as the field is called
    said: str = "",
    required: bool = False,
    choices: Sequence[object] = (),
    many: bool = False,
    low: float | None = None,
    high: float | None = None,
) -> Parameter:
    """Return the field; ``said`` is how the program spells a default that is not known."""
    known = None if default is UNKNOWN else default
    value = joined(known) if many and not isinstance(known, str) else _typed(kind, simple(known))
    words = [
        EXPOSED if kind is str and looks_secret(name) else "",
        "needed" if required else "",
        help,
    ]
    if said and (default is UNKNOWN or (value is None and default is not None)):
        words.append(said)
    allowed = tuple(map(str, choices))
    if allowed and value is not None and not many:
        value = str(value) if str(value) in allowed else None
    return Parameter(
        name,
        value,
        "; ".join(filter(None, words)),
        minimum=low,
        maximum=high,
        choices=allowed,
        optional=not required,
        kind=str if allowed else kind,
        many=many,
    )


def _typed(kind: type[Value], value: Value | None) -> Value | None:
    """Return the default as the type has it: the 1 of a float is 1.0."""
    if value is None or isinstance(value, kind) or kind is bool:
        return value
    try:
        return kind(value)
    except (ValueError, OverflowError):
        return None
