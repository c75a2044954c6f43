"""One rule of a gate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import isfinite

from mlops_tui.domain.gate.metric_names import LOSSES, full_name, is_function, metric_problem

RuleValue = str | float | bool


class RuleKind(StrEnum):
    """What a rule looks at; also the key in TOML that makes a rule one of this kind."""

    METRIC = "metric"
    """A metric that the training run logged, against a limit."""
    EVALUATE = "evaluate"
    """A metric on a hold-out, against a limit or the champion."""
    SIGNATURE = "signature"
    """The version accepts what the champion accepts."""
    EXAMPLE = "example"
    """The version answers its own input example."""
    P95 = "p95_ms"
    """95 of 100 predictions of one row take at most so many milliseconds."""
    SIZE = "max_size_mb"
    """The files of the version take at most so many megabytes."""
    TAG = "tag"
    """The version has a tag."""
    DESCRIPTION = "description"
    """The version has a description."""
    APPROVAL = "approved_by"
    """The version has the tag NAME=approved."""


LIMITS = ("min", "max")
DATA = ("data", "dataset")
ASKED = {RuleKind.TAG: "present", RuleKind.DESCRIPTION: "present", RuleKind.APPROVAL: "approved"}
SIGNS = {"min": "≥", "max": "≤", "p95_ms": "≤", "max_size_mb": "≤"}
OPTIONS: Mapping[RuleKind, tuple[str, ...]] = {
    RuleKind.METRIC: LIMITS,
    RuleKind.EVALUATE: (
        *DATA,
        "target",
        *LIMITS,
        "better_by",
        "slice",
        "lower_is_better",
        *("rows", "resamples", "confidence", "seed"),
    ),
    RuleKind.SIGNATURE: (),
    RuleKind.EXAMPLE: (),
    RuleKind.P95: (*DATA, "target"),
    RuleKind.SIZE: (),
    RuleKind.TAG: ("value",),
    RuleKind.DESCRIPTION: (),
    RuleKind.APPROVAL: (),
}
"""The keys that a rule may have beside the one of its kind."""
NUMBERS = frozenset({*LIMITS, "better_by", "confidence", "p95_ms", "max_size_mb"})
WHOLE: Mapping[str, tuple[int, int]] = {
    "rows": (10, 10_000_000),
    "resamples": (100, 100_000),
    "seed": (0, 2**32 - 1),
}
"""Keys with whole numbers: the least and the most."""
FLAGS = frozenset({"example", "description", "lower_is_better"})
CHAMPION = "champion"
"""The version that is in the stage now: what a signature, or an evaluation, is compared with."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as TOML has it: the key of its kind, then its options."""

    kind: RuleKind
    values: Mapping[str, RuleValue] = field(default_factory=dict)

    @property
    def subject(self) -> RuleValue:
        """The value of the key that makes it one of its kind."""
        return self.values[self.kind]

    @property
    def needs_champion(self) -> bool:
        """Whether it compares with the version that is in the stage."""
        return self.kind is RuleKind.SIGNATURE or "better_by" in self.values

    @property
    def lower_is_better(self) -> bool:
        """Whether less of its metric is better."""
        known = full_name(str(self.subject)) in LOSSES
        return bool(self.values.get("lower_is_better", known))

    @property
    def limit(self) -> str:
        """What it is held against, in a few signs."""
        if self.kind in ASKED:
            return str(self.values.get("value", ASKED[self.kind]))
        words = [
            f"{sign} {self.values[key]:g}" for key, sign in SIGNS.items() if key in self.values
        ]
        if "better_by" in self.values:
            sign = "-" if self.lower_is_better else "+"
            words.append(f"champion {sign} {self.values['better_by']:g}")
        return ", ".join(words)

    def describe(self) -> str:
        """Return the rule in a few words, as in "f1_macro on holdout.csv ≥ 0.9"."""
        if self.kind is RuleKind.EVALUATE:
            where = self.values.get("data") or f"data set {self.values.get('dataset')}"
            sliced = f" by {self.values['slice']}" if "slice" in self.values else ""
            return f"{self.subject} on {where}{sliced}"
        return DESCRIPTIONS[self.kind].format(self.subject)


DESCRIPTIONS: Mapping[RuleKind, str] = {
    RuleKind.METRIC: "{} as logged",
    RuleKind.SIGNATURE: "signature accepts the champion's",
    RuleKind.EXAMPLE: "input example answers",
    RuleKind.P95: "p95 of one-row predictions (ms)",
    RuleKind.SIZE: "size (MB)",
    RuleKind.TAG: "tag {}",
    RuleKind.DESCRIPTION: "description",
    RuleKind.APPROVAL: "approved by {}",
}


def rule_problem(table: Mapping[str, object]) -> str:
    """Return what is wrong with a rule, naming the key; empty if it is one."""
    kinds = [kind for kind in RuleKind if kind in table]
    if len(kinds) != 1:
        named = " and ".join(kinds) or "none of them"
        return f"it needs exactly one of {', '.join(RuleKind)}; it has {named}."
    kind = kinds[0]
    for key, value in table.items():
        if key != kind and key not in OPTIONS[kind]:
            takes = f"takes {', '.join(OPTIONS[kind])}" if OPTIONS[kind] else "takes no other key"
            return f"{key} is unknown here; a rule with {kind} {takes}."
        if problem := _value_problem(key, value):
            return f"{key} {problem}, got {value!r}."
    return _missing(kind, table)


def _value_problem(key: str, value: object) -> str:
    if key in FLAGS:
        asked = "must be true or false" if key == "lower_is_better" else "must be true"
        return "" if value is True or (key == "lower_is_better" and value is False) else asked
    if key in WHOLE:
        least, most = WHOLE[key]
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        fits = is_whole and least <= int(str(value)) <= most
        return "" if fits else f"must be a whole number from {least:,} to {most:,}"
    if key in NUMBERS:
        return _number_problem(key, value)
    if key == RuleKind.SIGNATURE:
        return "" if value == CHAMPION else f'must be "{CHAMPION}"'
    return "" if isinstance(value, str) and value.strip() else "must be a text that is not empty"


def _number_problem(key: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        return "must be a number"
    if key in (RuleKind.P95, RuleKind.SIZE) and value <= 0:
        return "must be above 0"
    if key == "confidence" and not 0.5 <= value < 1:  # noqa: PLR2004 - below, it would be none
        return "must be from 0.5 to below 1"
    return ""


def _is_finite(value: float) -> bool:
    try:
        return isfinite(value)
    except OverflowError:
        return False


def _missing(kind: RuleKind, table: Mapping[str, object]) -> str:
    """Return what a rule lacks, or has too much of."""
    if all(key in table for key in DATA):
        return "data and dataset exclude each other."
    if kind is RuleKind.METRIC and not set(LIMITS) & set(table):
        return "it has no limit: give min or max."
    return _missing_of_evaluation(table) if kind is RuleKind.EVALUATE else ""


def _missing_of_evaluation(table: Mapping[str, object]) -> str:
    name = str(table[RuleKind.EVALUATE])
    if problem := metric_problem(name):
        return f"evaluate: {problem}"
    if not set(DATA) & set(table):
        return "it has no hold-out: give data (a file) or dataset (a data set of the run)."
    if "target" not in table:
        return "it has no target: name the column with the true values."
    if not {*LIMITS, "better_by"} & set(table):
        return "it has no limit: give min, max or better_by."
    if "lower_is_better" in table and not is_function(name):
        return "lower_is_better is only for module:function; of scikit-learn's it is known."
    return ""
