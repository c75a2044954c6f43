"""A run at a glance."""

from mlops_tui.domain.runs.run import RunDetail
from mlops_tui.tui.run.run_overview import overview
from tests.domain.made_up import made_up


def test_a_start_that_is_not_known_is_said_to_be_so() -> None:
    lines = overview(RunDetail(made_up("a"), "Flowers", (), ())).plain.splitlines()
    assert any(line.split() == ["started", "unknown"] for line in lines)
