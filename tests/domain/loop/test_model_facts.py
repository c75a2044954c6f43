"""What the versions of a model mean for its loop."""

import pytest

from mlops_tui.domain.gate.rules import gate_tag
from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.loop.model_facts import NextStage, next_stage, production_alias
from mlops_tui.domain.models.model import ModelVersion, RegisteredModel
from mlops_tui.domain.models.stage import Stage

RULES = '[[rule]]\nmetric = "accuracy"\nmin = 0.9'
STAGING, PRODUCTION = ({gate_tag(stage): RULES} for stage in (Stage.STAGING, Stage.PRODUCTION))
MISSING, NONE = GateState.MISSING, GateState.NONE


@pytest.mark.parametrize(
    ("stage", "tags", "production", "expected"),
    [
        (Stage.NONE, {}, "", NextStage(Stage.PRODUCTION, NONE)),
        (Stage.NONE, {}, "1", NextStage(Stage.PRODUCTION, NONE)),
        (Stage.NONE, PRODUCTION, "1", NextStage(Stage.PRODUCTION, MISSING)),
        (Stage.NONE, STAGING | PRODUCTION, "1", NextStage(Stage.STAGING, MISSING)),
        (Stage.STAGING, STAGING | PRODUCTION, "1", NextStage(Stage.PRODUCTION, MISSING)),
        (Stage.STAGING, STAGING, "1", NextStage(Stage.PRODUCTION, NONE)),
        (Stage.PRODUCTION, PRODUCTION, "2", None),
        (Stage.ARCHIVED, PRODUCTION, "", None),
        (Stage.NONE, PRODUCTION, "2", None),
        (Stage.NONE, PRODUCTION, "10", None),
    ],
)
def test_the_newest_version_goes_by_staging_where_that_has_a_gate(
    stage: Stage, tags: dict[str, str], production: str, expected: NextStage | None
) -> None:
    newest = ModelVersion("iris", "2", stage)
    assert next_stage(newest, tags, {}, production=production) == expected


@pytest.mark.parametrize(
    ("aliases", "expected"),
    [
        ({}, ""),
        ({"challenger": "1"}, ""),
        ({"Champion": "1", "challenger": "2"}, "Champion"),
        ({"champion": "1", "production": "2"}, "production"),
    ],
)
def test_an_alias_may_say_what_is_in_production(aliases: dict[str, str], expected: str) -> None:
    assert production_alias(RegisteredModel("iris", aliases=aliases)) == expected
