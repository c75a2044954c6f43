"""Which runs a filter lets through."""

import operator as operators
from collections.abc import Callable, Iterable
from time import time

from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.runs.run_attributes import SPANS, TEXTS, text_of, time_of
from mlops_tui.domain.runs.run_filter.amount import moment, number, seconds
from mlops_tui.domain.runs.run_filter.expression import (
    ORDER,
    And,
    Comparison,
    Field,
    Has,
    Kind,
    Not,
    Operator,
    Or,
    Term,
    Word,
)
from mlops_tui.domain.runs.run_filter.timed_pattern import Allowance
from mlops_tui.domain.runs.run_filter.value_test import Found, value_test
from mlops_tui.domain.runs.run_filter.word_test import word_test

RunTest = Callable[[Run], bool]

COMPARE: dict[Operator, Callable[[float, float], bool]] = {
    Operator.ABOVE: operators.gt,
    Operator.AT_LEAST: operators.ge,
    Operator.BELOW: operators.lt,
    Operator.AT_MOST: operators.le,
}


def passes(term: Term, clock: Callable[[], float] = time) -> RunTest:
    """Return the test of a filter; ``clock`` says what ages are counted to.

    It raises ``InvalidInput`` when the regular expressions of the filter take too long together.
    """
    return _passes(term, clock, Allowance())


def _passes(term: Term, clock: Callable[[], float], allowance: Allowance) -> RunTest:
    match term:
        case Not(inner):
            unwanted = _passes(inner, clock, allowance)
            return lambda run: not unwanted(run)
        case And(terms):
            return _each([_passes(each, clock, allowance) for each in terms])
        case Or(terms):
            return _one_of([_passes(each, clock, allowance) for each in terms])
        case Word(value, kind):
            return word_test(value, kind, allowance)
        case Has(field):
            read = reader(field)
            return lambda run: read(run) is not None
        case Comparison():
            return _compares(term, clock, allowance)


def _each(tests: Iterable[RunTest]) -> RunTest:
    tests = tuple(tests)
    return lambda run: all(test(run) for test in tests)


def _one_of(tests: Iterable[RunTest]) -> RunTest:
    tests = tuple(tests)
    return lambda run: any(test(run) for test in tests)


def reader(field: Field, clock: Callable[[], float] = time) -> Callable[[Run], Found | None]:
    """Return what reads a field of a run, None where the run has none."""
    key = field.key
    match field.kind:
        case Kind.METRIC:
            return lambda run: run.metrics.get(key)
        case Kind.PARAM:
            return lambda run: run.params.get(key)
        case Kind.TAG:
            return lambda run: run.tags.get(key)
        case Kind.ATTRIBUTE if key in TEXTS:
            return lambda run: text_of(run, key)
        case Kind.ATTRIBUTE:
            return lambda run: time_of(run, key, clock())
        case None:
            return lambda run: _first(run, key)


def _first(run: Run, key: str) -> Found | None:
    found: Found | None = run.metrics.get(key)
    if found is None:
        found = run.params.get(key)
    return run.tags.get(key) if found is None else found


def _compares(term: Comparison, clock: Callable[[], float], allowance: Allowance) -> RunTest:
    if term.operator in ORDER:
        return _ordered(term, clock)
    read = reader(term.field)
    whole = term.operator is not Operator.CONTAINS
    numeric = term.field.kind is not Kind.ATTRIBUTE
    tests = [value_test(each, allowance, whole=whole, numeric=numeric) for each in term.values]
    wanted = term.operator is not Operator.IS_NOT

    def test(run: Run) -> bool:
        found = read(run)
        return found is not None and any(each(found) for each in tests) is wanted

    return test


def _ordered(term: Comparison, clock: Callable[[], float]) -> RunTest:
    key = term.field.key
    compare, limit = COMPARE[term.operator], limit_of(term, clock())
    if term.field.kind is Kind.ATTRIBUTE:
        return lambda run: _holds(compare, time_of(run, key, clock()), limit)
    read = reader(term.field)

    def test(run: Run) -> bool:
        found = read(run)
        return _holds(compare, number(found) if isinstance(found, str) else found, limit)

    return test


def _holds(compare: Callable[[float, float], bool], found: float | None, limit: float) -> bool:
    return found is not None and compare(found, limit)


def limit_of(term: Comparison, now: float) -> float:
    """Return what an order operator compares with: a number, seconds, or seconds of the epoch."""
    (value,) = term.values
    found = number(value.text)
    if term.field.kind is Kind.ATTRIBUTE:
        is_span = term.field.key in SPANS
        found = seconds(value.text) if is_span else moment(value.text, now)
    if found is None:
        raise ValueError(f"{value.text} was not checked")
    return found
