"""Whether a word occurs in a run."""

from collections.abc import Callable, Iterable

from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_filter.expression import Form, Kind, Value
from mlops_tui.domain.runs.run_filter.timed_pattern import Allowance
from mlops_tui.domain.runs.run_filter.value_test import text_test

OF_MLFLOW = "mlflow."
"""Tags that hold this are MLflow's own: a word does not look there, ``tag:key=…`` does."""

IN_NUMBERS = frozenset("0123456789.e+-infa")
"""What a number is written with, NaN with infinity included."""


def word_test(value: Value, kind: Kind | None, allowance: Allowance) -> Callable[[Run], bool]:
    """Return a test for runs: an attribute, a key, a value or ``key=value`` contains the word."""
    if value.form in (Form.GLOB, Form.REGEX):
        holds = text_test(value, allowance, whole=False)
        return lambda run: any(map(holds, _pairs(run, kind)))
    wanted = value.text.casefold()
    if "=" in wanted:
        strings: Callable[[Run, Kind | None], Iterable[str]] = _pairs
    elif IN_NUMBERS.issuperset(wanted):
        strings = _with_numbers
    else:
        strings = _without_numbers
    # One long text is searched much faster than many short ones.
    return lambda run: wanted in "\n".join(strings(run, kind)).casefold()


def _attributes(run: Run, kind: Kind | None) -> Iterable[str]:
    if kind in (None, Kind.ATTRIBUTE):
        return (run.name, run.status, run.run_id, run.user)
    return ()


def _without_numbers(run: Run, kind: Kind | None) -> Iterable[str]:
    parts: list[str] = [*_attributes(run, kind)]
    if kind in (None, Kind.PARAM):
        parts += run.params
        parts += run.params.values()
    if kind in (None, Kind.METRIC):
        parts += run.metrics
    if kind in (None, Kind.TAG):
        for key, text in run.tags.items():
            if OF_MLFLOW not in key:
                parts += (key, text)
    return parts


def _with_numbers(run: Run, kind: Kind | None) -> Iterable[str]:
    numbers = run.metrics.values() if kind in (None, Kind.METRIC) else ()
    return (*_without_numbers(run, kind), *(f"{number:g}" for number in numbers))


def _pairs(run: Run, kind: Kind | None) -> Iterable[str]:
    parts: list[str] = [*_attributes(run, kind)]
    if kind in (None, Kind.PARAM):
        parts += (f"{key}={text}" for key, text in run.params.items())
    if kind in (None, Kind.METRIC):
        parts += (f"{key}={number:g}" for key, number in run.metrics.items())
    if kind in (None, Kind.TAG):
        parts += (f"{key}={text}" for key, text in run.tags.items() if OF_MLFLOW not in key)
    return parts
