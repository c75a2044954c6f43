"""The rules of a gate as a TOML text, which MLflow keeps as a tag of the registered model."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.gate.rule import OPTIONS, Rule, RuleKind, RuleValue, rule_problem
from mlops_tui.domain.models.stage import Stage

LONGEST = 5_000
"""Characters: what MLflow promises to keep in a tag of a registered model."""
TAG = "mlops_tui.gate."
"""The beginning of the tags that hold rules, of a model, or a verdict, of a version."""
GATED = (Stage.STAGING, Stage.PRODUCTION)
"""The stages that can have a gate."""
EXAMPLE = """\
[[rule]]
metric = "accuracy"          # as the training run logged it
min = 0.9
"""
"""What an editor begins with where there are no rules yet."""


def gate_tag(stage: Stage) -> str:
    """Return the tag for the gate of a stage."""
    return f"{TAG}{stage.value}"


@dataclass(frozen=True, slots=True)
class GateRules:
    """The rules of one gate, in order; ``text`` is the TOML as a person wrote it."""

    rules: tuple[Rule, ...]
    text: str

    @property
    def digest(self) -> str:
        """A short text that changes with the rules, not with comments or the order of keys."""
        tables = [dict(sorted(rule.values.items())) for rule in self.rules]
        return sha256(json.dumps(tables).encode()).hexdigest()[:16]


def parse_rules(text: str) -> GateRules:
    """Return the rules of a TOML text. Raises ``InvalidInput`` with the number of the rule."""
    if len(text) > LONGEST:
        raise InvalidInput(
            f"The rules have {len(text):,} characters; MLflow keeps {LONGEST:,} at most.",
            "Shorten them: one table a rule, few comments.",
        )
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise InvalidInput(f"The rules are not valid TOML: {error}.") from None
    others = sorted(found.keys() - {"rule"})
    if others:
        raise InvalidInput(
            f"{others[0]} stands outside of a rule.", "Begin each rule with a line [[rule]]."
        )
    tables = found.get("rule")
    if not isinstance(tables, list) or not tables:
        raise InvalidInput("There is no rule in it.", "Begin each rule with a line [[rule]].")
    return GateRules(tuple(_rule(n, table) for n, table in enumerate(tables, 1)), text)


def _rule(number: int, table: object) -> Rule:
    if not isinstance(table, Mapping):
        raise InvalidInput(f"Rule {number} is no table.", "Begin each rule with a line [[rule]].")
    if problem := rule_problem(table):
        raise InvalidInput(f"Rule {number}: {problem}")
    kind = next(kind for kind in RuleKind if kind in table)
    return Rule(kind, dict(table))


def as_toml(rules: tuple[Rule, ...]) -> str:
    """Return rules as the TOML that ``parse_rules`` reads."""
    return "\n".join(map(_table, rules))


def _table(rule: Rule) -> str:
    keys = [key for key in (rule.kind, *OPTIONS[rule.kind]) if key in rule.values]
    return "".join(["[[rule]]\n", *(f"{key} = {_toml(rule.values[key])}\n" for key in keys)])


def _toml(value: RuleValue) -> str:
    if isinstance(value, str):
        # JSON writes what TOML reads, but for one character.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return str(value).lower()


def rules_of(tags: Mapping[str, str], stage: Stage) -> str:
    """Return the TOML text of a stage's gate among the tags of a model; empty where none is."""
    return tags.get(gate_tag(stage), "").strip()


def gated_stages(tags: Mapping[str, str]) -> tuple[Stage, ...]:
    """Return the stages of a model that have a gate."""
    return tuple(stage for stage in GATED if rules_of(tags, stage))
