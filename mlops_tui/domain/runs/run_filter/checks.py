"""What a comparison may ask for."""

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run_attributes import MOMENTS, SPANS, STATUSES, TEXTS
from mlops_tui.domain.runs.run_filter.amount import moment, number, seconds
from mlops_tui.domain.runs.run_filter.expression import ORDER, Comparison, Form, Kind, Operator

LONGEST = 10_000
"""Characters of a filter."""


def check_comparison(comparison: Comparison) -> None:
    """Raise ``InvalidInput`` where the values are not what field or operator need."""
    field, operator = comparison.field, comparison.operator
    if field.kind is Kind.ATTRIBUTE:
        _check_attribute(comparison)
    elif operator in ORDER:
        text = _only_value(comparison)
        if number(text) is None:
            raise InvalidInput(
                f"{field.key} {operator} needs a number, which {one_line(text, 40)!r} is not."
            )


def check_length(text: str) -> None:
    """Raise ``InvalidInput`` where a filter is longer than any that a person types."""
    if len(text) > LONGEST:
        raise InvalidInput(f"The filter has {len(text):,} characters; {LONGEST:,} are the most.")


def _check_attribute(comparison: Comparison) -> None:
    name, operator = comparison.field.key, comparison.operator
    if name in TEXTS:
        if operator in ORDER:
            raise InvalidInput(f"{name} is a text: it has no {operator}, only = != : and ~.")
        if name == "status" and operator is not Operator.CONTAINS:
            _check_status(comparison)
        return
    if name in (*SPANS, *MOMENTS):
        _check_time(comparison)
        return
    raise InvalidInput(
        f"There is no attribute {one_line(name, 40)}.",
        f"There are {', '.join((*TEXTS, *SPANS, *MOMENTS))}.",
    )


def _check_status(comparison: Comparison) -> None:
    for value in comparison.values:
        plain = value.form in (Form.PLAIN, Form.QUOTED)
        if plain and value.text.upper() not in STATUSES:
            raise InvalidInput(
                f"No run has the status {one_line(value.text, 40)}.",
                f"There are {', '.join(STATUSES)}; status: takes a part of one.",
            )


def _check_time(comparison: Comparison) -> None:
    name, operator = comparison.field.key, comparison.operator
    if operator not in ORDER:
        raise InvalidInput(f"{name} is compared with > >= < or <=.", _otherwise(name))
    text = _only_value(comparison)
    if name in SPANS and seconds(text) is None:
        raise InvalidInput(
            f"{name} {operator} needs a length of time like 90s, 2h30m or 7d.", _otherwise(name)
        )
    if name in MOMENTS and moment(text, 0.0) is None:
        raise InvalidInput(
            f"{name} has to be a date like 2026-11-30, or a time ago: today, yesterday, -7d.",
            _otherwise(name),
        )


def _otherwise(name: str) -> str:
    return f"A param of that name is param:{name}."


def _only_value(comparison: Comparison) -> str:
    if len(comparison.values) > 1:
        raise InvalidInput(f"{comparison.operator} takes one value, not a list.")
    (value,) = comparison.values
    return value.text
