"""Names shortened so that they can still be told apart."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence

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


class NamesAlike:
    """Names in view together, each of which can be cut where it can still be told from the others.

    What stands behind the cut begins where the name differs from the one most like it.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._sorted = sorted(set(names))

    def shortened(self, name: str, width: int) -> str:
        """Return the name in at most ``width`` characters, cut in its middle where it has to be."""
        shown = one_line(name)
        return shown if len(shown) <= width else _cut(shown, self._like_another(name), width)

    def _like_another(self, name: str) -> int:
        """Return how many characters the name begins with as another one does."""
        place = bisect_left(self._sorted, name)
        nearest = self._sorted[max(0, place - 1) : place + 2]
        return max((_same_beginning(name, each) for each in nearest if each != name), default=0)


def shortened(names: Sequence[str], width: int) -> list[str]:
    """Return each name in at most ``width`` characters, cut in its middle where it has to be."""
    shown = [one_line(name) for name in names]
    alike = NamesAlike(shown)
    return [alike.shortened(name, width) for name in shown]


def _same_beginning(one: str, other: str) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(name: str, same: int, width: int) -> str:
    head = width // 3
    room = width - head - 1
    start = min(same, len(name) - room)
    if start <= head + 1 or room < 2:  # noqa: PLR2004 - a character and the sign that it is cut
        return name[: max(0, width - 1)] + ELLIPSIS
    tail = name[start : start + room]
    cut = start + room < len(name)
    return name[:head] + ELLIPSIS + (tail[:-1] + ELLIPSIS if cut else tail)
