"""Where a version stands before the gates of its model."""

import pytest

from mlops_tui.domain.gate.rules import gate_tag, parse_rules
from mlops_tui.domain.gate.standing import gate_states, standing, standing_of_newest
from mlops_tui.domain.gate.verdict import GateState, VerdictNote
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.stage import Stage

RULES = '[[rule]]\nmetric = "accuracy"\nmin = 0.9'
STAGING, PRODUCTION = gate_tag(Stage.STAGING), gate_tag(Stage.PRODUCTION)
BOTH = {STAGING: RULES, PRODUCTION: RULES}
NOTE = VerdictNote("passed", "run", parse_rules(RULES).digest, "", 5).as_json()


@pytest.mark.parametrize(
    ("stage", "gates", "tags", "word"),
    [
        (Stage.NONE, {}, {}, ""),
        (Stage.NONE, {}, {"validation_status": " Failed "}, "failed"),
        (Stage.NONE, BOTH, {}, "missing"),
        (Stage.NONE, BOTH, {STAGING: NOTE}, "passed"),
        (Stage.STAGING, BOTH, {STAGING: NOTE}, "passed"),
        (Stage.STAGING, {PRODUCTION: RULES}, {}, "missing"),
        (Stage.PRODUCTION, BOTH, {PRODUCTION: NOTE}, "passed"),
        (
            Stage.ARCHIVED,
            {PRODUCTION: RULES},
            {PRODUCTION: NOTE, "validation_status": "x"},
            "passed",
        ),
    ],
)
def test_the_gate_of_its_own_stage_counts_else_the_next_one(
    stage: Stage, gates: dict[str, str], tags: dict[str, str], word: str
) -> None:
    assert standing(ModelVersion("iris", "2", stage, tags=tags), gates, {}) == word


def test_a_verdict_against_another_champion_is_stale() -> None:
    version = ModelVersion("iris", "2", Stage.NONE, tags={PRODUCTION: NOTE})
    gate = {PRODUCTION: RULES}
    assert standing(version, gate, {Stage.PRODUCTION: "1"}) == "stale"
    assert standing(version, gate, {Stage.PRODUCTION: "2"}) == "passed"
    assert gate_states(version, gate, {}) == {Stage.PRODUCTION: GateState.PASSED}


def test_of_a_model_its_newest_version_is_looked_at() -> None:
    model = RegisteredModel(
        "iris",
        tags={PRODUCTION: RULES},
        latest={"Production": "1", "None": "3"},
        newest="3",
        newest_tags={PRODUCTION: NOTE},
    )
    assert standing_of_newest(model) == "stale"
    assert standing_of_newest(RegisteredModel("bare", tags={PRODUCTION: RULES})) == ""
