"""Runs put into the rows of a view."""

from dataclasses import replace

from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_rows import NOWHERE, Rows, arranged, group_key
from mlops_tui.domain.experiments.run_view import RunView, SortKey
from mlops_tui.domain.runs.best_value import BestValue
from mlops_tui.domain.runs.run import Run
from tests.domain.made_up import made_up

ACCURACY, OPTIMIZER = RunColumn.of("metric:accuracy"), RunColumn.of("param:optimizer")
RUNS = (
    made_up("a", {"optimizer": "adam"}, {"accuracy": 0.5}),
    made_up("b", {"optimizer": "sgd"}, {"accuracy": 0.9}),
    made_up("c", {"optimizer": "adam"}, {"accuracy": 0.7}),
    made_up("d", {}, {"accuracy": float("nan")}),
)


def names(rows: Rows) -> str:
    return " ".join(key.removeprefix("id-") for key in rows.keys)


def see(*runs: Run, context: dict[str, Run] | None = None, **view: object) -> Rows:
    return arranged(runs or RUNS, RunView(**view), 0.0, context=context)  # type: ignore[arg-type]


def test_a_second_column_decides_among_equals() -> None:
    order = (SortKey(OPTIMIZER, greatest_first=False), SortKey(ACCURACY))
    assert names(see(order=order)) == "c a b d"
    assert names(see(order=(order[0].reversed, order[1]))) == "b c a d"


def test_extremes_of_histories_are_sorted_by() -> None:
    runs = [
        replace(
            run, extremes={"loss": BestValue(run.run_id, "loss", least, 7, 9.0, at, is_exact=True)}
        )
        for run, least, at in zip(RUNS, (0.3, 0.1, 0.2, 0.4), (1, 2, 3, 4), strict=True)
    ]
    assert names(see(*runs, order=(SortKey(RunColumn.of("min:loss")),))) == "d a c b"
    assert names(see(*runs, order=(SortKey(RunColumn.of("max-step:loss")),))) == "d c b a"


def test_hidden_runs_are_gone_and_pinned_ones_come_first() -> None:
    rows = see(hidden=frozenset({"id-b"}), pinned=frozenset({"id-d"}))
    assert names(rows) == "d a c"
    assert rows.count == 3
    assert names(arranged(RUNS, RunView(), 0.0, passes=lambda run: run.name > "b")) == "c d"


def test_groups_hold_their_runs_with_least_mean_and_greatest() -> None:
    rows = see(group=OPTIMIZER, measures=(ACCURACY,), order=(SortKey(ACCURACY),))
    adam, sgd, none = (group_key(OPTIMIZER, name) for name in ("adam", "sgd", None))
    assert list(rows.keys) == [sgd, "id-b", adam, "id-c", "id-a", none, "id-d"]
    measure = rows.groups[adam].measures[ACCURACY]
    assert (measure.count, measure.least, measure.greatest) == (2, 0.5, 0.7)
    assert round(measure.mean, 9) == 0.6
    assert (rows.groups[none].name, rows.groups[none].measures) == (NOWHERE, {})
    assert rows.depths["id-a"] == 1
    folded = see(group=OPTIMIZER, folded=frozenset({adam}))
    assert list(folded.keys) == [adam, sgd, "id-b", none, "id-d"]
    assert (folded.groups[adam].count, folded.count) == (2, 4)


def test_the_text_none_is_another_group_than_nothing() -> None:
    rows = see(made_up("a", {"optimizer": NOWHERE}), made_up("b"), group=OPTIMIZER)
    assert len(rows.groups) == 2


def child(name: str, parent: str) -> Run:
    return made_up(name, tags={"mlflow.parentRunId": f"id-{parent}"})


def test_children_stand_below_their_parents() -> None:
    runs = (child("c1", "p"), made_up("q"), made_up("p"), child("c2", "p"), child("g", "c2"))
    rows = see(*runs, nested=True)
    assert names(rows) == "q p c1 c2 g"
    assert rows.depths == {"id-c1": 1, "id-c2": 1, "id-g": 2}
    assert rows.children == {"id-p": 2, "id-c2": 1}
    assert names(see(*runs, nested=True, folded=frozenset({"id-p"}))) == "q p"


def test_a_parent_from_elsewhere_is_shown_as_context() -> None:
    rows = see(
        child("c", "far"), child("o", "lost"), nested=True, context={"id-far": made_up("far")}
    )
    assert names(rows) == "far c o"
    assert rows.count == 2


def test_a_parent_that_does_not_pass_is_shown_above_a_child_that_does() -> None:
    runs = (child("leaf", "mid"), child("mid", "top"), made_up("top"), made_up("other"))

    def passing(*wanted: str, hidden: str = "") -> Rows:
        view = RunView(nested=True, hidden=frozenset({hidden}))
        return arranged(runs, view, 0.0, passes=lambda run: run.name in wanted)

    rows = passing("leaf", "other")
    assert names(rows) == "top mid leaf other"
    assert (rows.count, rows.depths) == (2, {"id-mid": 1, "id-leaf": 2})
    assert names(passing("leaf", "top")) == "top mid leaf"
    assert names(passing("leaf", hidden="id-mid")) == "leaf"


def test_runs_that_are_each_others_parents_are_shown_once() -> None:
    assert names(see(child("a", "b"), child("b", "a"), nested=True)) == "a b"
