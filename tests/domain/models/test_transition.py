"""What moving a version changes."""

import pytest

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.models.transition import StageChange, plan_transition

VERSIONS = [
    ModelVersion("Iris", "3", Stage.NONE),
    ModelVersion("Iris", "2", Stage.PRODUCTION),
    ModelVersion("Iris", "1", Stage.PRODUCTION),
]


def test_the_moved_version_comes_first_then_the_archived_ones() -> None:
    planned = plan_transition(VERSIONS, "3", Stage.PRODUCTION, archive_existing=True)
    assert planned.model == "Iris"
    assert planned.target == StageChange("3", Stage.NONE, Stage.PRODUCTION)
    assert planned.archives
    assert planned.describe() == (
        "v3 → Production; v2: Production → Archived; v1: Production → Archived; @previous → v2"
    )


def test_others_stay_when_they_are_to_stay() -> None:
    planned = plan_transition(VERSIONS, "3", Stage.PRODUCTION, archive_existing=False)
    assert not planned.archives
    assert planned.describe() == "v3 → Production"


@pytest.mark.parametrize("target", [Stage.NONE, Stage.ARCHIVED])
def test_a_stage_out_of_service_archives_nobody(target: Stage) -> None:
    planned = plan_transition(VERSIONS, "2", target, archive_existing=True)
    assert planned.changes == (StageChange("2", Stage.PRODUCTION, target),)


def test_a_version_does_not_archive_itself() -> None:
    planned = plan_transition(VERSIONS, "2", Stage.PRODUCTION, archive_existing=True)
    assert [change.version for change in planned.changes] == ["2", "1"]


def test_undoing_turns_every_change_round() -> None:
    planned = plan_transition(VERSIONS, "3", Stage.PRODUCTION, archive_existing=True)
    assert planned.undone().changes == (
        StageChange("3", Stage.PRODUCTION, Stage.NONE),
        StageChange("2", Stage.ARCHIVED, Stage.PRODUCTION),
        StageChange("1", Stage.ARCHIVED, Stage.PRODUCTION),
    )
    assert planned.undone().undone() == planned


def test_only_stages_in_service_archive() -> None:
    assert [stage for stage in Stage if stage.archives_existing] == [
        Stage.STAGING,
        Stage.PRODUCTION,
    ]


def test_a_version_knows_its_uri() -> None:
    assert VERSIONS[0].uri == "models:/Iris/3"
