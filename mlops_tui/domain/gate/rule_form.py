"""A rule as a form of fields."""

from collections.abc import Mapping

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.gate.rule import NUMBERS, OPTIONS, WHOLE, Rule, RuleKind, rule_problem
from mlops_tui.domain.jobs.recipe import Parameter, Value, to_text

TITLES: Mapping[RuleKind, str] = {
    RuleKind.METRIC: "a metric that the training run logged, against a limit",
    RuleKind.EVALUATE: "a metric on a hold-out, against a limit or the version in the stage",
    RuleKind.SIGNATURE: "the signature accepts what the version in the stage accepts",
    RuleKind.EXAMPLE: "the input example answers",
    RuleKind.P95: "the 95th percentile of the time of one-row predictions",
    RuleKind.SIZE: "the size of the files",
    RuleKind.TAG: "a tag is present",
    RuleKind.DESCRIPTION: "a description is present",
    RuleKind.APPROVAL: "somebody approved it, by the tag NAME=approved",
}
FIXED: Mapping[RuleKind, str | bool] = {
    RuleKind.SIGNATURE: "champion",
    RuleKind.EXAMPLE: True,
    RuleKind.DESCRIPTION: True,
}
"""The kinds that have nothing to fill in."""
HELP = {
    "metric": "its name",
    "evaluate": "scikit-learn's name, or module:function",
    "data": "a CSV or Parquet file",
    "dataset": "instead of a file: a data set of the version's run",
    "target": "the column with the true values",
    "min": "the least",
    "max": "the most",
    "better_by": "than the version in the stage, on the same rows",
    "slice": "a column; each of its values is checked",
    "lower_is_better": "of a function",
    "rows": "of more rows a sample is taken (100,000)",
    "resamples": "of the bootstrap (1,000)",
    "confidence": "of its interval (0.95)",
    "seed": "of sample and bootstrap (0)",
    "p95_ms": "milliseconds at most",
    "max_size_mb": "megabytes at most",
    "tag": "its name",
    "value": "what it has to be; empty for anything",
    "approved_by": "the name of the tag",
}


def parameters_of(kind: RuleKind) -> tuple[Parameter, ...]:
    """Return the fields of a kind of rule, none where there is nothing to fill in."""
    if kind in FIXED:
        return ()
    return tuple(_parameter(key, optional=key != kind) for key in (kind, *OPTIONS[kind]))


def _parameter(key: str, *, optional: bool) -> Parameter:
    kind: type[Value] = str
    if key in NUMBERS:
        kind = float
    elif key in WHOLE:
        kind = int
    elif key == "lower_is_better":
        kind = bool
    return Parameter(str(key), None, HELP.get(key, ""), optional=optional, kind=kind)


def texts_of(rule: Rule) -> dict[str, str]:
    """Return what the fields of a rule hold."""
    return {str(key): to_text(value) for key, value in rule.values.items()}


def rule_of(kind: RuleKind, values: Mapping[str, Value | None]) -> Rule:
    """Return the rule of filled fields. Raises ``InvalidInput``."""
    given = {key: value for key, value in values.items() if value is not None}
    found = Rule(kind, given or {kind.value: FIXED[kind]})
    if problem := rule_problem(found.values):
        raise InvalidInput(problem[0].upper() + problem[1:])
    return found
