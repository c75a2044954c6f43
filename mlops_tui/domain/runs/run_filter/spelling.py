"""Texts or numbers as MLflow's filter strings spell them."""

from decimal import Decimal
from math import isfinite

from mlops_tui.domain.runs.run_filter.amount import number

WITH_EXPONENT = 10_000
"""Whole numbers are hardly written with an exponent below it."""


def like(text: str, *, is_glob: bool = False) -> str:
    """Return a pattern for LIKE: what has a meaning of its own there, becomes any character.

    Letters beyond ASCII too: SQLite does not know their cases.
    """
    wild = {"'": "_", "\\": "_"} | ({"*": "%", "?": "_"} if is_glob else {})
    return "".join(wild.get(each) or (each if each.isascii() else "%") for each in text)


def spellings(text: str) -> tuple[str, ...]:
    """Return patterns for a number as people or Python write it, none for any other text."""
    found = number(text)
    if found is None or not isfinite(found):
        return ()
    patterns = [f"{decimal(found).removesuffix('.0')}%"]
    if found != round(found) or abs(found) >= WITH_EXPONENT:
        mantissa, _, power = f"{Decimal(repr(found)).normalize():e}".partition("e")
        sign = "-" if power.startswith("-") else "%"
        patterns.append(f"{mantissa}%e{sign}%{power.lstrip('+-0')}")
    if "e" not in text.lower() and not text.startswith(patterns[0].removesuffix("%")):
        patterns.append(text)
    return tuple(patterns)


def decimal(found: float) -> str:
    """Return a number without an exponent, which MLflow reads only in parts."""
    return format(Decimal(repr(found)), "f") if isfinite(found) else str(found)
