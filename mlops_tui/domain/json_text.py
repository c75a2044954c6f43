"""JSON as a person reads it in an editor."""

import json
import re
from collections.abc import Iterator
from math import isfinite
from typing import NoReturn, TypeAlias

from mlops_tui.domain.errors import InvalidInput

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"

WIDTH = 76
"""What fits on a line of an editor within 80 columns."""

MANY = 20
"""A list of more items than this gives one line to each."""

NOT_FINITE = re.compile(r'"(?:[^"\\]|\\.)*+"?|(-?Infinity|NaN)')
"""Strings, which are skipped, then the literals that Python writes but JSON does not know."""


def load(text: str) -> Json:
    """Return what the text stands for; ``InvalidInput`` says where it is not JSON."""
    if not text.strip():
        raise InvalidInput("The text is empty.")
    try:
        value: Json = json.loads(text, parse_constant=_refuse_constant, parse_float=_finite)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise InvalidInput(
            f"Not JSON at {place}: {error.msg[:1].lower()}{error.msg[1:]}."
        ) from None
    except _NotFinite as error:
        place = _place_of_constant(text)
        raise InvalidInput(f"{error} is not a JSON number{place}.", "Write null instead.") from None
    except RecursionError:
        raise InvalidInput("The JSON is nested too deeply.") from None
    except ValueError:
        raise InvalidInput("A whole number has too many digits.") from None
    return value


def load_lenient(text: str) -> tuple[Json, int]:
    """Return what the text stands for, with NaN or infinite values as null, and their number."""
    replaced: list[str] = []

    def number(literal: str) -> float | None:
        value = float(literal)
        if isfinite(value):
            return value
        replaced.append(literal)
        return None

    try:
        value: Json = json.loads(text, parse_constant=number, parse_float=number)
    except (ValueError, RecursionError):
        return load(text), 0
    return value, len(replaced)


def dump(value: Json) -> str:
    """Return the value as indented JSON: what fits stays on its line, as do rows of scalars."""
    return "".join(_pieces(value, 0, room=WIDTH))


def line(value: Json) -> str:
    """Return the value as JSON on one line; what is not finite becomes null."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        return json.dumps(_finite_only(value), ensure_ascii=False)


def _pieces(value: Json, indent: int, *, room: int) -> Iterator[str]:
    whole = line(value)
    if len(whole) <= room or not isinstance(value, dict | list) or is_row(value):
        yield whole
        return
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    margin = " " * (indent + 2)
    room = WIDTH - indent - 2
    if isinstance(value, list) and len(value) > MANY:
        yield f"[\n{margin}" + f",\n{margin}".join(map(line, value)) + f"\n{' ' * indent}]"
        return
    yield opening
    items = value.items() if isinstance(value, dict) else [("", item) for item in value]
    for number, (key, item) in enumerate(items):
        label = f"{json.dumps(key, ensure_ascii=False)}: " if isinstance(value, dict) else ""
        yield f"{',' if number else ''}\n{margin}{label}"
        yield from _pieces(item, indent + 2, room=room - len(label))
    yield f"\n{' ' * indent}{closing}"


def is_row(value: Json) -> bool:
    """Return whether the value is a list of scalars."""
    return isinstance(value, list) and not any(isinstance(item, dict | list) for item in value)


class _NotFinite(Exception):  # noqa: N818 - never leaves this file
    """A literal that stands for no finite number."""


def _refuse_constant(literal: str) -> NoReturn:
    raise _NotFinite(literal)


def _finite(literal: str) -> float:
    value = float(literal)
    if not isfinite(value):
        raise _NotFinite(literal)
    return value


def _place_of_constant(text: str) -> str:
    found = next((m for m in NOT_FINITE.finditer(text) if m.group(1)), None)
    if found is None:
        return ""
    start = found.start(1)
    number = text.count("\n", 0, start) + 1
    return f" (line {number}, column {start - text.rfind(chr(10), 0, start)})"


def _finite_only(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _finite_only(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_finite_only(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value
