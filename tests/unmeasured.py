"""Switches coverage off where it learns nothing: in other people's code, and in what is repeated.

It more than doubles the time of what it looks at.
"""

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


REPEATED = frozenset(
    {
        "cli/test_own_process.py",
        "domain/test_generated_secrets.py",
        "test_end_to_end.py",
        "test_faults.py",
        "test_house.py",
        "test_imports.py",
        "tui/kit/test_contrast.py",
        "tui/kit/test_key_queue.py",
        "tui/test_browsing.py",
        "tui/test_compare_story.py",
        "tui/test_everywhere.py",
        "tui/test_extremes.py",
        "tui/test_filtering.py",
        "tui/test_finding.py",
        "tui/test_job_ends_story.py",
        "tui/test_marks.py",
        "tui/test_memory.py",
        "tui/test_newest_process.py",
        "tui/test_offers.py",
        "tui/test_reading_again.py",
        "tui/test_registry_story.py",
        "tui/test_run_screen.py",
        "tui/test_run_tabs.py",
        "tui/test_server_story.py",
        "tui/test_starting.py",
        "tui/test_training_story.py",
    }
)
"""Tests that take long, and reach next to nothing that no other test reaches.

``--cov-context=test`` tells which these are: together they alone reach 500 of 89,000 branches.
"""

CHILDREN = ("services/", "test_loop_story.py")
"""Tests of code that runs in processes of its own: coverage looks into those."""


@contextmanager
def measured_as_needed(path: str) -> Iterator[None]:
    """Let coverage look at the tests of a file, named below ``tests``, as far as that is useful."""
    if path in REPEATED:
        with not_measuring():
            yield
    elif path.startswith(CHILDREN):
        yield
    else:
        with children_unmeasured():
            yield


@contextmanager
def children_unmeasured() -> Iterator[None]:
    """Keep coverage out of the processes that are started meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        for name in os.environ.keys() - without_coverage(os.environ).keys():
            patch.delenv(name)
        yield


@contextmanager
def not_measuring() -> Iterator[None]:
    """Switch coverage off in this thread, in those that it starts, and in child processes."""
    tracer, threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)
    with children_unmeasured():
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
