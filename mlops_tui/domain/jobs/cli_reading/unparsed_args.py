"""What a form leaves to the free arguments."""

from collections.abc import Iterable

MOST_NAMED = 8


def left_out(names: Iterable[str]) -> str:
    """Say which arguments have no field; nothing where all have one."""
    known = list(dict.fromkeys(names))
    if not known:
        return ""
    more = " …" if len(known) > MOST_NAMED else ""
    return f"Left to the free arguments: {', '.join(known[:MOST_NAMED])}{more}."
