"""Clauses of MLflow's grammar for one term of a filter.

A clause may let more runs through than the term does, never fewer: what comes back is tested
again. MLflow has no OR: a term becomes branches, of which each is a list of clauses.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite

from mlops_tui.domain.runs.run_attributes import MOMENTS, TEXTS
from mlops_tui.domain.runs.run_filter.amount import LATEST, TOLERANCE, number
from mlops_tui.domain.runs.run_filter.expression import (
    ORDER,
    Comparison,
    Field,
    Form,
    Has,
    Kind,
    Leaf,
    Operator,
    Value,
    Word,
)
from mlops_tui.domain.runs.run_filter.run_test import limit_of
from mlops_tui.domain.runs.run_filter.spelling import decimal, like, spellings

Branch = tuple[str, ...]
Branches = tuple[Branch, ...]

EVERY_RUN: Branches = ((),)
NO_RUN: Branches = ()

UNLIKELY = "-0.00000000000000000000012345"
"""A metric differs from it: MLflow has no other way to ask whether there is one."""

ATTRIBUTES = {"name": "run_name", "user": "user_id", "id": "run_id", "status": "status"}
"""MLflow's names."""

OPPOSITE = {
    Operator.IS: Operator.IS_NOT,
    Operator.IS_NOT: Operator.IS,
    Operator.ABOVE: Operator.AT_MOST,
    Operator.AT_MOST: Operator.ABOVE,
    Operator.BELOW: Operator.AT_LEAST,
    Operator.AT_LEAST: Operator.BELOW,
}

Kinds = Mapping[str, frozenset[Kind]]
"""What a key without a kind is in the runs that are asked for."""


@dataclass(frozen=True, slots=True)
class ServerClauses:
    """What a server can test of a term; ``is_all`` where nothing but spelling remains."""

    branches: Branches
    is_all: bool = True


NOTHING = ServerClauses(EVERY_RUN, is_all=False)


def leaf_clauses(leaf: Leaf, kinds: Kinds, now: float) -> ServerClauses:
    """Return the branches of a term that must hold."""
    if isinstance(leaf, Word):
        return NOTHING
    fields = _fields(leaf.field, kinds)
    each_field = [
        _has(field) if isinstance(leaf, Has) else _compares(field, leaf, now) for field in fields
    ]
    return ServerClauses(
        tuple(branch for each in each_field for branch in each.branches),
        all(each.is_all for each in each_field),
    )


def opposite_clauses(leaf: Leaf, kinds: Kinds, now: float) -> ServerClauses:
    """Return the branches of a term that must not hold."""
    if isinstance(leaf, Word):
        return NOTHING
    fields = _fields(leaf.field, kinds)
    if len(fields) != 1:
        return NOTHING if fields else ServerClauses(EVERY_RUN)
    (field,) = fields
    return _has_not(field) if isinstance(leaf, Has) else _differs_or_lacks(field, leaf, now)


def _differs_or_lacks(field: Field, leaf: Comparison, now: float) -> ServerClauses:
    opposite = OPPOSITE.get(leaf.operator)
    if opposite is None or field.kind is Kind.METRIC:
        return NOTHING
    there = _compares(field, Comparison(leaf.field, opposite, leaf.values), now)
    if field.kind is Kind.ATTRIBUTE:
        return there
    if not there.is_all:
        return NOTHING
    return ServerClauses(_has_not(field).branches + there.branches)


def _fields(field: Field, kinds: Kinds) -> list[Field]:
    if field.kind is not None:
        return [field]
    return [Field(field.key, kind) for kind in sorted(kinds[field.key])]


def _has(field: Field) -> ServerClauses:
    return ServerClauses((exists(field),), is_all="`" not in field.key)


def exists(field: Field) -> Branch:
    """Return the clauses for runs that have a field."""
    if field.kind is Kind.ATTRIBUTE or "`" in field.key:
        return ()
    if _is_metric(field):
        return (f"{_name(field)} != {UNLIKELY}",)
    return (f"{_name(field)} IS NOT NULL",)


def probe(field: Field) -> str:
    """Return a filter string for runs that have a field, which MLflow has always understood."""
    return " and ".join(exists(field)).replace(" IS NOT NULL", " LIKE '%'")


def _has_not(field: Field) -> ServerClauses:
    if field.kind is Kind.ATTRIBUTE:
        return ServerClauses(NO_RUN)
    if _is_metric(field) or "`" in field.key:
        return NOTHING
    return ServerClauses(((f"{_name(field)} IS NULL",),))


def _compares(field: Field, leaf: Comparison, now: float) -> ServerClauses:
    if "`" in field.key:
        return NOTHING
    if field.kind is Kind.ATTRIBUTE and field.key not in TEXTS:
        return _time(field.key, leaf, now)
    if leaf.operator in ORDER:
        clause = f"{_name(field)} {leaf.operator} {decimal(limit_of(leaf, now))}"
        is_all = _is_metric(field) and isfinite(limit_of(leaf, now))
        return (
            ServerClauses(((clause,),)) if is_all else ServerClauses((exists(field),), is_all=False)
        )
    one = _metric_branches if _is_metric(field) else _text_branches
    each = [one(field, leaf.operator, value) for value in leaf.values]
    is_all = None not in each
    found = [(exists(field),) if branches is None else branches for branches in each]
    together = tuple(dict.fromkeys(branch for branches in found for branch in branches))
    if leaf.operator is Operator.IS_NOT:
        all_of_them = dict.fromkeys(clause for branch in together for clause in branch)
        return ServerClauses((tuple(all_of_them),), is_all)
    return ServerClauses(together, is_all)


def _time(name: str, leaf: Comparison, now: float) -> ServerClauses:
    operator, limit = leaf.operator, limit_of(leaf, now)
    if not isfinite(limit) or abs(now - limit) >= LATEST:
        return NOTHING
    if name == "age":
        turned = {">": "<", "<": ">", ">=": "<=", "<=": ">="}[operator]
        return ServerClauses(((f"attributes.start_time {turned} {(now - limit) * 1000:.0f}",),))
    if name not in MOMENTS:
        return NOTHING
    column = "start_time" if name == "started" else "end_time"
    return ServerClauses(((f"attributes.{column} {operator} {limit * 1000:.0f}",),))


def _metric_branches(field: Field, operator: Operator, value: Value) -> Branches | None:
    found = number(value.text) if value.form is Form.PLAIN else None
    if operator is Operator.CONTAINS or found is None or not isfinite(found):
        return None
    if operator is Operator.IS_NOT:
        # Before MLflow 3.9 a server takes NaN for 0, as which it is stored.
        return ((f"{_name(field)} != {decimal(found)}",),) if found else None
    margin = TOLERANCE * 2 * abs(found)
    least, most = decimal(found - margin), decimal(found + margin)
    return ((f"{_name(field)} >= {least}", f"{_name(field)} <= {most}"),)


def _text_branches(field: Field, operator: Operator, value: Value) -> Branches | None:
    if value.form is Form.REGEX:
        return None
    if operator is Operator.IS_NOT:
        return _differs(field, value)
    pattern = like(value.text, is_glob=value.form is Form.GLOB)
    patterns: tuple[str, ...] = (pattern,)
    if operator is Operator.CONTAINS:
        patterns = (f"%{pattern}%",)
    elif value.form is Form.PLAIN and field.kind is not Kind.ATTRIBUTE:
        patterns = spellings(value.text) or patterns
    return tuple((f"{_name(field)} ILIKE '{pattern}'",) for pattern in patterns)


def _differs(field: Field, value: Value) -> Branches | None:
    """Return a clause that leaves out one spelling at least."""
    if value.form is Form.GLOB or ("'" in value.text and '"' in value.text):
        return None
    is_status = field.key == "status" and field.kind is Kind.ATTRIBUTE
    text = value.text.upper() if is_status else value.text
    quote = '"' if "'" in text else "'"
    return ((f"{_name(field)} != {quote}{text}{quote}",),)


def _is_metric(field: Field) -> bool:
    return field.kind is Kind.METRIC


def _name(field: Field) -> str:
    if field.kind is Kind.ATTRIBUTE:
        return f"attributes.{ATTRIBUTES[field.key]}"
    return f"{field.kind}s.`{field.key}`"
