"""The run under the cursor, beside the table."""

from dataclasses import replace

import pytest
from rich.console import Console
from rich.text import Text

from mlops_tui.domain.experiments.run_column import RunColumn, Source
from mlops_tui.domain.experiments.run_group import Group, Measure
from mlops_tui.domain.runs.run import NOTE_TAG
from mlops_tui.tui.experiments.run_summary import group_summary, overview, values_of
from tests.domain.made_up import made_up

NARROW = 28
"""Cells of a line in the narrow summary."""


def height(text: Text) -> int:
    """Return how many lines a text takes."""
    return len(text.wrap(Console(width=NARROW), NARROW))


@pytest.mark.parametrize("text", ["x", "a few words ", "漢字", "a\nb\n"])
def test_long_names_and_notes_leave_metrics_and_params_in_view(text: str) -> None:
    short, long = made_up("a"), text * 5_000
    run = replace(short, name=long, user=long, tags={NOTE_TAG: long}, params={"lr": long})
    assert height(overview(run)) <= height(overview(short)) + 3 * 4
    assert height(values_of(run)) <= 8
    assert overview(run).plain.startswith(long[:2].replace("\n", "↵"))
    assert overview(run).plain.count("…") == 3


def test_a_long_name_of_a_group_leaves_its_measures_in_view() -> None:
    measures = {RunColumn(Source.METRIC, "m" * 900): Measure(2, 0.0, 0.5, 1.0)}
    assert height(group_summary(Group("x" * 5_000, 2, measures))) <= 13
