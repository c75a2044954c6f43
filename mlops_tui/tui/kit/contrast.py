"""Ensures a readable contrast of text and background in every theme."""

import re
from functools import lru_cache

from rich.color import Color as RichColor
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter
from textual.theme import BUILTIN_THEMES

LEAST = 4.5
"""The contrast that WCAG 2 asks for (level AA)."""

STEPS = 20
"""Steps from a colour to black or white."""

TEXT = re.compile("[^\\s\u2500-\u259f\u2800-\u28ff\U0001fb00-\U0001fbff]")
"""A character of text; box drawing, blocks and braille are graphics."""

WHITE, BLACK = ColorTriplet(255, 255, 255), ColorTriplet(0, 0, 0)


def offered_themes() -> tuple[str, ...]:
    """Return the names of the themes that do not use the terminal's own colours."""
    return tuple(sorted(name for name, theme in BUILTIN_THEMES.items() if not theme.ansi))


class ContrastFilter(LineFilter):
    """Moves text colours towards black or white until the contrast is at least ``LEAST``.

    It comes after the filters that decide which colours are sent, such as that of NO_COLOR.
    """

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the segments, with text in readable colours."""
        behind = background.rich_color
        return [
            Segment(text, readable_style(style, behind), control)
            if style is not None and TEXT.search(text)
            else Segment(text, style, control)
            for text, style, control in segments
        ]


def contrast(one: ColorTriplet, other: ColorTriplet) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2 counts it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(4096)
def readable_style(style: Style, behind: RichColor) -> Style:
    """Return the style with a colour that can be read; ``behind`` is the background it has else."""
    colour = style.color
    ground = behind if style.bgcolor is None or style.bgcolor.is_default else style.bgcolor
    if colour is None or colour.triplet is None or ground.triplet is None:
        return style
    if style.reverse:
        # The text has the colour of the ground; it is the one that is drawn around it that moves.
        return style + Style.from_color(None, _rich(_readable(ground.triplet, colour.triplet)))
    return style + Style.from_color(_rich(_readable(colour.triplet, ground.triplet)))


@lru_cache(4096)
def _readable(colour: ColorTriplet, ground: ColorTriplet) -> ColorTriplet:
    goal = max(WHITE, BLACK, key=lambda end: contrast(end, ground))
    for step in range(STEPS):
        moved = _between(colour, goal, step / STEPS)
        if contrast(moved, ground) >= LEAST:
            return moved
    return goal


def _between(colour: ColorTriplet, goal: ColorTriplet, share: float) -> ColorTriplet:
    return ColorTriplet(*(round(a + (b - a) * share) for a, b in zip(colour, goal, strict=True)))


def _rich(colour: ColorTriplet) -> RichColor:
    return RichColor.from_triplet(colour)


def _luminance(colour: ColorTriplet) -> float:
    red, green, blue = map(_linear, colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: int) -> float:
    share = part / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - sRGB's own numbers
