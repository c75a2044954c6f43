"""Names shortened so that they can still be told apart."""

from collections import Counter
from collections.abc import Sequence

from mlops_tui.domain.plain_text import one_line

ELLIPSIS = "…"

SHORT_ID = 6
"""Characters of an id behind a name that others have too."""


def told_apart(names: Sequence[str], ids: Sequence[str]) -> list[str]:
    """Return the names, those that others have too with the beginning of their ids."""
    counts = Counter(names)
    return [
        f"{name} {each[:SHORT_ID]}" if counts[name] > 1 else name
        for name, each in zip(names, ids, strict=True)
    ]


def shortened(names: Sequence[str], width: int) -> list[str]:
    """Return each name in at most ``width`` characters, cut in its middle where it has to be.

    What stands behind the cut begins where the name differs from the one most like it.
    """
    shown = [one_line(name) for name in names]
    return [_shortened(name, _like_another(name, shown), width) for name in shown]


def _like_another(name: str, names: Sequence[str]) -> int:
    """Return how many characters the name begins with as another one does."""
    others = (other for other in names if other != name)
    return max((_same_beginning(name, other) for other in others), default=0)


def _same_beginning(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _shortened(name: str, same: int, width: int) -> str:
    if len(name) <= width:
        return name
    head = width // 3
    room = width - head - 1
    start = min(same, len(name) - room)
    if start <= head + 1 or room < 2:  # noqa: PLR2004 - a character and the sign that it is cut
        return name[: max(0, width - 1)] + ELLIPSIS
    tail = name[start : start + room]
    cut = start + room < len(name)
    return name[:head] + ELLIPSIS + (tail[:-1] + ELLIPSIS if cut else tail)
