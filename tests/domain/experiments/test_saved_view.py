"""A way of looking at runs, as it is kept in a file."""

import json

import pytest

from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_group import Statistic
from mlops_tui.domain.experiments.run_view import RunView, SortKey
from mlops_tui.domain.experiments.saved_view import SavedView, saved_view

VIEW = SavedView(
    columns=["status", "name", "min:loss"],
    widths={"name": 30},
    order=[("min:loss", False), ("param:lr", True)],
    words="loss<1",
    query="accuracy>0.5",
    group="tag:team",
    nested=False,
    pinned=["a"],
    hidden=["b"],
)


def test_it_comes_back_from_json_as_it_was() -> None:
    assert saved_view(json.loads(json.dumps(VIEW.as_dict()))) == VIEW
    assert saved_view(json.loads(json.dumps(SavedView().as_dict()))) == SavedView(
        order=[], pinned=[], hidden=[]
    )


def test_it_becomes_the_view_of_runs() -> None:
    found = VIEW.onto(RunView(folded=frozenset({"x"})))
    assert found.order[0] == SortKey(RunColumn.of("min:loss"), greatest_first=False)
    assert found.group == RunColumn.of("tag:team")
    assert found.words == "loss<1"
    assert (found.pinned, found.hidden) == (frozenset({"a"}), frozenset({"b"}))
    assert found.folded == {"x"}


@pytest.mark.parametrize(
    "found", [None, [], "x", {"columns": 3, "widths": [], "order": "x", "pinned": {}, "hidden": 1}]
)
def test_what_makes_no_sense_is_left_out(found: object) -> None:
    assert saved_view(found).onto(RunView()) == RunView()


def test_what_groups_show_is_kept() -> None:
    view = SavedView(statistic=Statistic.LEAST)
    assert saved_view(json.loads(json.dumps(view.as_dict()))).statistic is Statistic.LEAST
    assert saved_view({"statistic": "nope"}).statistic is Statistic.MEAN


def test_columns_that_name_nothing_are_left_out() -> None:
    view = saved_view(
        {"columns": ["name", "nope:x", 7], "order": [["nope", True], [1], ["age", 1]]}
    )
    assert view.columns == ["name"]
    assert view.onto(RunView()).order == (SortKey(RunColumn.of("age")),)
    assert SavedView(group="nope").onto(RunView()).group is None
