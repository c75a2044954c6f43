"""What of a filter an MLflow server can do."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from mlops_tui.domain.runs.run_filter.clauses import (
    EVERY_RUN,
    Branch,
    Branches,
    Kinds,
    ServerClauses,
    leaf_clauses,
    opposite_clauses,
)
from mlops_tui.domain.runs.run_filter.expression import And, Leaf, Not, Or, Term

MOST_BRANCHES = 12
"""Queries that are run at most for one filter; beyond, a part of it is done here."""


TOO_MANY = "some of the alternatives"

TEXTS = re.compile(r"'[^']*'|\"[^\"]*\"")

OPERATORS_OF_MLFLOW = re.compile(
    r"\s(?:i?like\s+''|(?:not\s+)?in\s*\(|is\s+(?:not\s+)?null\b)|(?:^|\s)datasets?\.",
    re.IGNORECASE,
)
"""What the filter of runs does not know."""

PREFIX = re.compile(
    r"(?:^|\s)(?:metric|param|parameter|tag|attribute|attr|run)s?\.(?:`[^`]*`|[^\s=<>!~:]+)\s*[=<>!]",
    re.IGNORECASE,
)

BEYOND_MLFLOW = re.compile(r"[|~]|\b(?:or|not)\s|\(|(?:^|\s)-|:", re.IGNORECASE)
"""What MLflow does not know."""


@dataclass(frozen=True, slots=True)
class ServerQuery:
    """Branches, whose runs together hold all that pass, with what it does not support.

    ``unsupported`` holds the terms, as typed, that the server cannot test, or not fully.
    """

    branches: Branches
    unsupported: tuple[str, ...]

    @property
    def filters(self) -> tuple[str, ...]:
        """The branches as MLflow's filter strings."""
        return tuple(" and ".join(branch) for branch in self.branches)

    def without_null(self) -> "ServerQuery":
        """Return what a server can do that does not know ``IS NULL`` yet."""
        known = (
            tuple(clause for clause in branch if not clause.endswith(" NULL"))
            for branch in self.branches
        )
        return ServerQuery(_sum([tuple(known)]), self.unsupported)


def is_mlflow_expression(text: str) -> bool:
    """Return whether a text is to be passed to MLflow as it stands: ``metrics.loss < 1``.

    With an ``or`` in it, which MLflow refuses, it is a filter like any other.
    """
    bare = TEXTS.sub("''", text)
    if OPERATORS_OF_MLFLOW.search(bare):
        return True
    return PREFIX.search(bare) is not None and BEYOND_MLFLOW.search(bare) is None


def server_query(term: Term, kinds: Kinds, now: float) -> ServerQuery:
    """Return what to ask the server; ``kinds`` tells what each key without a kind is."""
    unsupported: dict[str, None] = {}

    def note(leaf: Leaf, found: ServerClauses) -> Branches:
        if not found.is_all:
            unsupported[leaf.source] = None
        return found.branches

    def leaf_branches(leaf: Leaf, holds: bool) -> Branches:  # noqa: FBT001 - told by negation
        clauses = leaf_clauses if holds else opposite_clauses
        return note(leaf, clauses(leaf, kinds, now))

    branches = _branches(term, leaf_branches, unsupported, holds=True)
    if len(branches) > MOST_BRANCHES:
        branches, unsupported[TOO_MANY] = EVERY_RUN, None
    return ServerQuery(branches, tuple(unsupported))


def _branches(
    term: Term,
    leaf_branches: Callable[[Leaf, bool], Branches],
    unsupported: dict[str, None],
    *,
    holds: bool,
) -> Branches:
    match term:
        case Not(inner):
            return _branches(inner, leaf_branches, unsupported, holds=not holds)
        case And(terms) | Or(terms):
            each = [_branches(inner, leaf_branches, unsupported, holds=holds) for inner in terms]
            return _product(each, unsupported) if isinstance(term, And) is holds else _sum(each)
        case _:
            return leaf_branches(term, holds)


def _sum(each: list[Branches]) -> Branches:
    together = tuple(dict.fromkeys(branch for branches in each for branch in branches))
    return EVERY_RUN if () in together else together


def _product(each: list[Branches], unsupported: dict[str, None]) -> Branches:
    product = EVERY_RUN
    # The narrowest first: what is left out for being too many, tells least.
    for branches in sorted(each, key=len):
        if len(product) * len(branches) > MOST_BRANCHES:
            unsupported[TOO_MANY] = None
            continue
        product = tuple(_joined(one, other) for one in product for other in branches)
    return product


def _joined(one: Branch, other: Branch) -> Branch:
    return tuple(dict.fromkeys((*one, *other)))
