"""Switches coverage off while other people's code runs that calls nothing of ours."""

import sys
from collections.abc import Callable, Mapping
from functools import wraps
from types import FunctionType
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

NO_TRACE = "import sys; sys.settrace(None)\n"
"""The first line of a program that a test launches: coverage does not trace it."""


def without_coverage(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that coverage does not measure."""
    return {name: value for name, value in environ.items() if not name.startswith("COVERAGE")}


def unmeasured(function: Callable[P, T]) -> Callable[P, T]:
    """Return the function wrapped so that coverage does not trace what happens inside it."""

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        tracer = sys.gettrace()
        if tracer is None:
            return function(*args, **kwargs)
        sys.settrace(None)
        try:
            return function(*args, **kwargs)
        finally:
            sys.settrace(tracer)

    return call


def leave_unmeasured(kind: type) -> None:
    """Wrap all methods of a class in that way."""
    for name, method in list(vars(kind).items()):
        if isinstance(method, FunctionType):
            setattr(kind, name, unmeasured(method))
