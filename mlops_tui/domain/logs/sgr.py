"""Colours as terminals are told of them: Select Graphic Rendition of ECMA-48."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

SWITCHES = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "reverse", 9: "strike"}
"""What is switched on. Blinking is not; concealed text is shown."""
OFF = {
    21: ("bold",),
    22: ("bold", "dim"),
    23: ("italic",),
    24: ("underline",),
    27: ("reverse",),
    29: ("strike",),
}
FOREGROUND = {39: ""} | {
    first + place: f"color({place + bright})"
    for first, bright in ((30, 0), (90, 8))
    for place in range(8)
}
BACKGROUND = {code + 10: colour for code, colour in FOREGROUND.items()}
OF_MANY, OF_MANY_BEHIND = 38, 48
"""A colour follows: one of 256, or red with green and blue."""

MOST_CODES = 64
"""More in one sequence are not meant."""


@dataclass(frozen=True, slots=True)
class Look:
    """How text looks at a moment; colours as ``color(0)`` to ``color(255)``, or ``#rrggbb``."""

    on: frozenset[str] = frozenset()
    colour: str = ""
    background: str = ""

    @property
    def words(self) -> str:
        """The look in words, such as ``bold color(9) on #102030``; empty when plain."""
        behind = f"on {self.background}" if self.background else ""
        return " ".join(filter(None, (*sorted(self.on), self.colour, behind)))

    def after(self, parameters: str) -> "Look":
        """Return the look after a sequence with these parameters; unknown ones change nothing."""
        return _after(self, parameters)


@lru_cache(maxsize=1024)
def _after(look: Look, parameters: str) -> Look:
    fields = parameters.split(";")[:MOST_CODES]
    codes = [_number(part) for field in fields for part in _parts(field)]
    while codes:
        code = codes.pop(0)
        if code == OF_MANY:
            look = replace(look, colour=_colour(codes) or look.colour)
        elif code == OF_MANY_BEHIND:
            look = replace(look, background=_colour(codes) or look.background)
        else:
            look = _changed(look, code)
    return look


def _parts(field: str) -> Sequence[str]:
    """Return the codes of a field: 38:2::r:g:b holds an empty one for the colour space."""
    parts = field.split(":")
    if len(parts) == 1 or parts[0] not in (str(OF_MANY), str(OF_MANY_BEHIND)):
        return parts[:1]
    return parts[:2] + parts[-3:] if parts[1] == "2" else parts[:3]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0 if not text else -1  # noqa: PLR2004 - no code has five digits


def _changed(look: Look, code: int) -> Look:
    if code == 0:
        return Look()
    if code in FOREGROUND:
        return replace(look, colour=FOREGROUND[code])
    if code in BACKGROUND:
        return replace(look, background=BACKGROUND[code])
    return replace(
        look, on=(look.on | {SWITCHES[code]}) if code in SWITCHES else look.on - _off(code)
    )


def _off(code: int) -> frozenset[str]:
    return frozenset(OFF.get(code, ()))


def _colour(codes: list[int]) -> str:
    """Take a colour of 256, or of red, green, blue, from the codes; empty when it is none."""
    kind = codes.pop(0) if codes else -1
    if kind == 5:  # noqa: PLR2004 - the standard's number for an index
        taken, codes[:] = codes[:1], codes[1:]
        return f"color({taken[0]})" if taken and 0 <= taken[0] <= 255 else ""  # noqa: PLR2004 - a byte
    if kind == 2:  # noqa: PLR2004 - the standard's number for red, green, blue
        taken, codes[:] = codes[:3], codes[3:]
        is_whole = len(taken) == 3 and all(0 <= each <= 255 for each in taken)  # noqa: PLR2004 - bytes
        return "#" + "".join(f"{each:02x}" for each in taken) if is_whole else ""
    return ""
