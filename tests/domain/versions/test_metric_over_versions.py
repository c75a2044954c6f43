"""A metric over the versions of a model."""

from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.versions.metric_over_versions import metric_keys, over_versions
from mlops_tui.domain.versions.version_row import VersionRow
from tests.domain.made_up import made_up


def row(number: str, stage: Stage = Stage.NONE, **metrics: float) -> VersionRow:
    return VersionRow(ModelVersion("iris", number, stage), made_up(number, {}, metrics))


ROWS = (
    row("10", loss=0.25, acc=0.5),
    row("9", Stage.PRODUCTION, loss=0.5),
    row("2", Stage.STAGING, loss=0.125),
    VersionRow(ModelVersion("iris", "1", Stage.NONE)),
)


def test_versions_stand_in_the_order_of_their_numbers() -> None:
    assert metric_keys(ROWS) == ("loss", "acc")
    found = over_versions(ROWS, "loss")
    assert [version.version for version in found.versions] == ["2", "9", "10"]
    assert found.values == (0.125, 0.5, 0.25)
    assert over_versions(ROWS, "none").values == ()


def test_the_best_those_in_use_and_the_newest_are_named() -> None:
    marked = over_versions(ROWS, "loss").marked(Direction.MIN)
    assert [(what, version.version, value) for what, version, value in marked] == [
        ("best", "2", 0.125),
        ("Production", "9", 0.5),
        ("Staging", "2", 0.125),
        ("newest", "10", 0.25),
    ]
    assert over_versions(ROWS, "none").marked(Direction.MIN) == []
