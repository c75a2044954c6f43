"""Foreign text made harmless for a terminal."""

import re
import unicodedata

ESCAPES = re.compile(
    r"\x1b(?:[P\]X^_].*?(?:\x1b\\|\x07|$)|\[[0-?]*[ -/]*[@-~]|[ -/]*[0-~])|\x9b[0-?]*[ -/]*[@-~]",
    re.DOTALL,
)
"""Escape sequences of ECMA-48: strings (DCS, OSC, SOS, PM, APC), CSI, and the short ones."""

INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
"""Unicode categories that draw nothing, or reorder what is beside them."""

JOINERS = dict.fromkeys([0x200D, 0xFE0E, 0xFE0F, *range(0x1F3FB, 0x1F400)])
"""Joiners, variation selectors, skin tones: terminals disagree about the width of what has them."""


def one_line(text: str, limit: int = 500) -> str:
    """Return the text on one line of at most ``limit`` characters, safe to draw.

    Escape sequences go, line ends become ``↵``, tabs a blank, other controls (bidirectional
    overrides included) ``·``; what is cut off ends in ``…``.
    """
    head = ESCAPES.sub("", text[: limit * 4]).replace("\r\n", "\n").replace("\t", " ")
    shown = "".join(map(shown_character, head[:limit]))
    return shown[: limit - 1] + "…" if len(head) > limit or len(text) > limit * 4 else shown


def lines(text: str) -> list[str]:
    """Return the text's lines, safe to draw: progress bars settled, escapes removed.

    A carriage return within a line starts it again, as a terminal would.
    """
    clean = ESCAPES.sub("", text).replace("\r\n", "\n").expandtabs(8)
    settled = (line.rstrip("\r").rpartition("\r")[2] for line in clean.split("\n"))
    return ["".join(map(shown_character, line)) for line in settled]


def harmless(text: str) -> str:
    """Return the text without what would steer a terminal; its line ends and tabs stay."""
    if text.isprintable():
        return text
    return "".join(
        each if each in "\n\t" else shown_character(each) for each in ESCAPES.sub("", text)
    )


def visible(text: str) -> str:
    """Return the text for where it is edited: of the same length, with a sign for what is unseen.

    Nothing is left out, so that the cursor stands on what it is about; tabs stay.
    """
    if text.isprintable():
        return text
    return "".join(each if each == "\t" else shown_character(each) for each in text)


def shown_character(character: str) -> str:
    """Return the character, or a sign where it would draw nothing or steer the terminal."""
    if character == "\n":
        return "↵"
    if character.isprintable():
        return character
    if character == "\u200d" or unicodedata.category(character) not in INVISIBLE:
        return character
    return "·"


def counted(count: int, noun: str) -> str:
    """Return a number with what is counted, whose plural ends with s: ``1 row``, ``2,000 rows``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
