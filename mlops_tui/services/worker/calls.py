"""What a call from the interface may cost: how long it takes, whether it may be dropped."""

from collections.abc import Callable
from typing import TypeVar

F = TypeVar("F", bound=Callable[..., object])

LIMIT = 60.0
"""Seconds after which the interface no longer waits for a call."""

LONG = 600.0
"""Seconds for what fetches files, or reads and writes a great many runs."""


def may_take(seconds: float) -> Callable[[F], F]:
    """Let the interface wait longer for a service function."""

    def mark(function: F) -> F:
        vars(function)["may_take"] = seconds
        return function

    return mark


def is_kept(function: F) -> F:
    """Let a service function be called though nobody waits for it any more: it writes."""
    vars(function)["is_kept"] = True
    return function


def limit_of(function: Callable[..., object]) -> float:
    """Return the seconds that the interface waits for a service function."""
    return float(getattr(function, "may_take", LIMIT))


def may_be_dropped(function: Callable[..., object]) -> bool:
    """Return whether a call that nobody waits for need not begin."""
    return not getattr(function, "is_kept", False)
