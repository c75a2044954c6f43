"""Which JSON values a column of a type takes as they were meant."""

from collections.abc import Callable, Mapping
from datetime import datetime

from mlops_tui.domain.json_text import Json


def _is_number(value: Json) -> bool:
    if isinstance(value, str):
        try:
            float(value)
        except ValueError:
            return False
        return True
    return value is None or isinstance(value, float | int)


def _is_whole(value: Json) -> bool:
    if isinstance(value, str):
        return value.strip().removeprefix("-").isdecimal()
    return isinstance(value, int) or (isinstance(value, float) and value.is_integer())


def _is_moment(value: Json) -> bool:
    if not isinstance(value, str):
        return value is None
    try:
        return datetime.fromisoformat(value).tzinfo is None
    except ValueError:
        return any(map(str.isdigit, value))


ACCEPTS: Mapping[str, Callable[[Json], bool]] = {
    "double": _is_number,
    "float": _is_number,
    "long": _is_whole,
    "integer": _is_whole,
    "boolean": lambda value: isinstance(value, bool) or value in (0, 1),
    "string": lambda value: value is None or isinstance(value, str),
    "binary": lambda value: isinstance(value, str),
    "datetime": _is_moment,
}
"""Whether the server makes of a value what was meant; measured on MLflow 3.17.

It takes numbers written as text and refuses null for whole numbers. What it changes without a
word (1.5 becomes 1, "false" becomes true) counts as not accepted.
"""
