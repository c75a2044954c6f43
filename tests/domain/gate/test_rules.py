"""Rules of a gate as TOML."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.gate.metric_names import METRICS
from mlops_tui.domain.gate.rule import Rule, RuleKind
from mlops_tui.domain.gate.rules import as_toml, gated_stages, parse_rules
from mlops_tui.domain.models.stage import Stage

BOTH = """
[[rule]]
metric = "accuracy"          # as the training run logged it
min = 0.9

[[rule]]
evaluate = "f1_macro"        # on the hold-out, against the version now in the stage
data = "holdout.parquet"
target = "label"
better_by = 0.005
"""

printable = st.characters(exclude_categories=("C", "Z"), include_characters=" ")
texts = st.text(printable, min_size=1).filter(str.strip)
numbers = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9)
evaluations = st.fixed_dictionaries(
    {"evaluate": st.sampled_from(METRICS), "data": texts, "target": texts, "better_by": numbers},
    optional={
        "min": numbers,
        "max": numbers,
        "slice": texts,
        "rows": st.integers(10, 10**6),
        "resamples": st.integers(100, 1000),
        "seed": st.integers(0, 99),
        "confidence": st.floats(0.5, 0.99),
    },
).map(lambda values: Rule(RuleKind.EVALUATE, values))
tags = st.fixed_dictionaries({"tag": texts}, optional={"value": texts}).map(
    lambda values: Rule(RuleKind.TAG, values)
)
rules = st.lists(evaluations | tags, min_size=1, max_size=4).map(tuple)


@settings(max_examples=100, deadline=None)
@given(rules)
def test_rules_written_as_toml_are_read_as_they_were(made: tuple[Rule, ...]) -> None:
    assert parse_rules(as_toml(made)).rules == made


@settings(max_examples=100, deadline=None)
@given(st.text() | st.text().map(lambda text: f"[[rule]]\n{text}"))
def test_any_text_is_rules_or_is_refused_in_a_sentence(text: str) -> None:
    with suppress(InvalidInput):
        assert parse_rules(text).rules


def test_both_rules_of_the_readme_are_read() -> None:
    metric, evaluation = parse_rules(BOTH).rules
    assert (metric.kind, metric.describe()) == (RuleKind.METRIC, "accuracy as logged")
    assert evaluation.describe() == "f1_macro on holdout.parquet"
    assert evaluation.needs_champion
    assert not evaluation.lower_is_better


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no rule in it"),
        ("rule = 1", "no rule in it"),
        ("rule = [1]", "Rule 1 is no table"),
        ("x = [", "not valid TOML"),
        ("a = 1\n" + BOTH, "a stands outside of a rule"),
        (BOTH + "[[rule]]\nmin = 1", "Rule 3: it needs exactly one of metric, evaluate"),
        ('[[rule]]\nmetric = "a"\ntag = "b"', "it has metric and tag"),
        ('[[rule]]\nmetric = "a"', "give min or max"),
        ('[[rule]]\nmetric = "a"\nmin = "b"', "min must be a number, got 'b'"),
        ('[[rule]]\nmetric = "a"\nmin = nan', "min must be a number, got nan"),
        ('[[rule]]\nmetric = "a"\nmin = true', "min must be a number, got True"),
        ('[[rule]]\nmetric = "a"\nminn = 1', "minn is unknown here"),
        ('[[rule]]\nmetric = ""\nmin = 1', "metric must be a text that is not empty"),
        ('[[rule]]\nevaluate = "f1_makro"', "Close to it: f1_macro"),
        ('[[rule]]\nevaluate = "f1"\ntarget = "y"\nmin = 1', "it has no hold-out"),
        ('[[rule]]\nevaluate = "f1"\ndata = "a"\ndataset = "b"', "exclude each other"),
        ('[[rule]]\nevaluate = "f1"\ndata = "a"\nmin = 1', "name the column"),
        ('[[rule]]\nevaluate = "f1"\ndata = "a"\ntarget = "y"', "give min, max or better_by"),
        (BOTH + "rows = 1", "rows must be a whole number from 10"),
        (BOTH + "confidence = 1.0", "confidence must be from 0.5 to below 1"),
        (BOTH + "lower_is_better = true", "only for module:function"),
        ("[[rule]]\nexample = false", "example must be true"),
        ('[[rule]]\nsignature = "x"', 'signature must be "champion"'),
        ("[[rule]]\np95_ms = 0", "p95_ms must be above 0"),
        ("#" * 5001, "MLflow keeps 5,000 at most"),
    ],
)
def test_what_is_wrong_is_named_with_its_rule_and_its_key(text: str, words: str) -> None:
    with pytest.raises(InvalidInput, match=words.replace("(", r"\(").replace("[", r"\[")):
        parse_rules(text)


def test_comments_and_the_order_of_keys_leave_the_digest_alone() -> None:
    other = '[[rule]]\nmin = 0.9\nmetric = "accuracy"\n' + BOTH[BOTH.index("\n[[rule]]\nev") :]
    assert parse_rules(BOTH).digest == parse_rules(other).digest
    assert parse_rules(BOTH).digest != parse_rules(BOTH.replace("0.9", "0.8")).digest


def test_the_stages_with_a_gate_are_those_with_rules() -> None:
    model_tags = {"mlops_tui.gate.Production": BOTH, "mlops_tui.gate.Staging": " ", "other": "x"}
    assert gated_stages(model_tags) == (Stage.PRODUCTION,)
