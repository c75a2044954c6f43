"""Values out of JSON that somebody else may have written."""

from math import isfinite


def text(value: object) -> str:
    """Return a text. Raises ``ValueError`` for anything else."""
    if not isinstance(value, str):
        raise ValueError("a text is expected")  # noqa: TRY004 - one kind for whoever reads
    return value


def whole(value: object) -> int:
    """Return a whole number of 53 bits, 0 or more. Raises ``ValueError`` for anything else."""
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise ValueError("a whole number is expected")
    return value


def finite(value: object) -> float:
    """Return a finite number. Raises ``ValueError`` for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > 1e308:  # noqa: PLR2004
        raise ValueError("a finite number is expected")
    if not isfinite(value):
        raise ValueError("a finite number is expected")
    return float(value)


def texts(value: object) -> tuple[str, ...]:
    """Return a list of texts. Raises ``ValueError`` for anything else."""
    if not isinstance(value, list):
        raise ValueError("a list is expected")  # noqa: TRY004 - as above
    return tuple(map(text, value))
