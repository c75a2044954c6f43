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
    if not all(isinstance(each, int | float | str) for each in value):
        return None
    return shlex.join(str(each) for each in value)


def field(  # noqa: PLR0913 - what may be known of an argument
    name: str,
    kind: type[Value],
    default: object = None,
    *,
    help: str = "",  # noqa: A002 - as the field is called
    shown: str = "",
    required: bool = False,
    choices: Sequence[object] = (),
    many: bool = False,
    count: int = 0,
    low: float | None = None,
    high: float | None = None,
    constants: Sequence[str] = (),
) -> Parameter:
    """Return the form's field for an argument.

    ``shown`` is the program's text of a default whose value is not known; the help shows it. Empty
    or None among the ``choices`` is no choice: leaving the field empty means it.
    """
    known = None if default is UNKNOWN else default
    allowed = tuple(str(each) for each in choices if each is not None and str(each))
    if kind is bool and {each.lower() for each in allowed} <= {"true", "false"}:
        allowed = ()
    value = _several(kind, known) if many else _typed(kind, simple(known))
    if allowed and value is not None and not many:
        value = str(value) if str(value) in (*allowed, *constants) else None
    words = [
        EXPOSED if kind is str and looks_secret(name) else "",
        "needed" if required else "",
        f"{count} values" if count else "",
        help,
    ]
    if shown and (default is UNKNOWN or (value is None and default is not None)):
        words.append(shown)
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
        count=count,
        constants=tuple(constants),
    )


def _several(kind: type[Value], value: object) -> str | None:
    """Return the default of an argument that takes several values."""
    if isinstance(value, str):
        typed = _typed(kind, value)
        return None if typed is None else str(typed)
    return joined(value)


TRUE, FALSE = ("true", "yes", "y", "t", "on", "1"), ("false", "no", "n", "f", "off", "0")
"""What programs take for true and false."""


def _typed(kind: type[Value], value: Value | None) -> Value | None:
    """Return the default as the type has it: the 1 of a float is 1.0; None where it has it not."""
    if value is None:
        return None
    if kind is bool:
        text = str(value).lower()
        return True if text in TRUE else False if text in FALSE else None
    if isinstance(value, kind) and not isinstance(value, bool):
        return value
    try:
        typed = kind(value)
    except (ValueError, OverflowError):
        return None
    is_same = isinstance(value, str) or kind is str or typed == value
    return typed if is_same else None
