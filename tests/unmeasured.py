"""Switches coverage off where it would learn nothing: other people's code, and what is repeated."""

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from types import FunctionType
from typing import ParamSpec, TypeVar

import pytest

P = ParamSpec("P")
T = TypeVar("T")

NO_TRACE = "import sys; sys.settrace(None)\n"
"""The first line of a program that a test launches: coverage does not trace it."""


def without_coverage(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a process that coverage does not measure."""
    return {name: value for name, value in environ.items() if not name.startswith("COVERAGE")}


@contextmanager
def not_measuring() -> Iterator[None]:
    """Switch coverage off in this thread, in those that it starts, and in child processes."""
    tracer, threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - without_coverage(os.environ).keys():
            patch.delenv(name)
        try:
            yield
        finally:
            threading.settrace(threads)
            sys.settrace(tracer)


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


def leave_unmeasured(kind: type, names: Iterable[str] = ()) -> None:
    """Wrap methods of other people's class in that way: all of them, or those named."""
    for name in names or tuple(vars(kind)):
        method = vars(kind)[name]
        if isinstance(method, FunctionType):
            setattr(kind, name, unmeasured(method))
