"""Which columns of runs are shown."""

from dataclasses import replace

from mlops_tui.domain.experiments.first_columns import METRICS
from mlops_tui.domain.experiments.known_runs import KnownRuns
from mlops_tui.domain.experiments.run_column import RunColumn
from mlops_tui.domain.experiments.run_source import RunSource
from mlops_tui.domain.experiments.run_view import RunView, SortKey
from mlops_tui.domain.runs.run import RunPage
from mlops_tui.domain.store import Store
from mlops_tui.services.experiments import run_arrangement
from mlops_tui.services.experiments.run_arrangement import Arrangement
from mlops_tui.services.runs import run_memory
from mlops_tui.tui.experiments.run_list import RunList
from mlops_tui.tui.runs.run_columns import USUAL, RunColumns, with_column
from tests.domain.made_up import made_up


def arrangement(metrics: int) -> Arrangement:
    run = made_up("a", {"lr": 1}, {f"m{number:05}": 1.0 for number in range(metrics)})
    store, source = Store("sqlite:///nowhere.db"), RunSource("1")
    run_memory.forget()
    run_memory._known[store, source] = known = KnownRuns(source)
    known.refresh(
        RunPage((replace(run, tags={"team": "a team with a long name"}, datasets={"iris": "d"}),))
    )
    return run_arrangement.arrange(store, source, RunView())


def test_a_few_columns_are_shown_and_the_others_counted() -> None:
    columns = RunColumns()
    columns.learn(arrangement(12_000))
    assert len(columns.shown) == len(USUAL) + METRICS + 2
    assert columns.left_out == 12_000 - METRICS
    assert {"metric:m11999", "max-step:m11999", "tag:team", "dataset:iris"} <= set(
        columns.available
    )
    columns.choose(["metric:m11999"])
    columns.learn(arrangement(12_000))
    assert columns.left_out == 0


def test_what_is_sorted_by_is_shown_and_has_the_cells_that_its_values_take() -> None:
    runs = RunList()
    runs.apply(arrangement(40), RunView())
    runs.view = RunView(order=(SortKey(RunColumn.of("metric:m00039")),))
    assert list(runs.columns.shown)[-3:] == ["metric:m00039", "param:lr", "dataset:iris"]
    runs.view = RunView(order=(SortKey(RunColumn.of("tag:team")),))
    width = next(column.width for column in runs.table_columns() if column.key == "tag:team")
    assert width == len("a team with a long name")
    runs.columns.choose(["name"])
    assert list(runs.columns.shown) == ["status", "name"]
    runs.view = RunView(order=(SortKey(RunColumn.of("param:lr")),))
    assert list(runs.columns.shown) == ["status", "name", "param:lr"]


def test_rows_are_always_told_apart() -> None:
    columns = RunColumns()
    columns.learn(arrangement(1))
    columns.choose(["param:lr", "name", "max:m00000"])
    assert list(columns.shown) == ["status", "name", "param:lr", "max:m00000"]
    assert columns.histories == ["m00000"]
    assert [str(each) for each in columns.measures] == ["max:m00000"]
    assert [column.title for column in columns.columns()][2:] == ["lr", "max m00000"]
    columns.widths["name"] = 40
    assert columns.columns()[1].width == 40
    columns.choose(None)
    assert list(columns.shown) == [*USUAL, "metric:m00000", "param:lr", "dataset:iris"]


def test_a_column_switched_on_stands_beside_its_kin() -> None:
    shown = ["status", "name", "metric:loss", "metric:recall", "param:lr", "tag:team"]
    assert with_column(shown, "min:loss")[2:4] == ["metric:loss", "min:loss"]
    with_min = with_column(shown, "min:loss")
    assert with_column(with_min, "min-step:loss")[3:5] == ["min:loss", "min-step:loss"]
    assert with_column(shown, "metric:f1")[3:5] == ["metric:recall", "metric:f1"]
    assert with_column(shown, "user")[1:3] == ["name", "user"]
    assert with_column(["status", "name", "tag:team"], "param:lr")[1:] == [
        "name",
        "param:lr",
        "tag:team",
    ]


def test_groups_are_made_by_what_many_runs_share() -> None:
    columns = RunColumns()
    columns.learn(arrangement(1))
    assert list(columns.grouping) == ["param:lr", "tag:team", "dataset:iris", "status", "user"]


def test_a_deleted_parent_says_so_among_runs_that_are_not() -> None:
    runs, found = RunList(), arrangement(1)
    deleted = replace(found.runs[0], is_deleted=True)
    runs.apply(replace(found, runs=(deleted,)), RunView())
    assert runs.cell(deleted.run_id, "status").plain == "✗ deleted"
    of_deleted = replace(found, runs=(deleted,), source=RunSource("1", deleted=True))
    runs.clear()
    runs.apply(of_deleted, RunView())
    assert runs.cell(deleted.run_id, "status").plain == "✓ FINISHED"


def test_names_with_one_beginning_are_cut_where_they_differ() -> None:
    store, source, runs = Store("sqlite:///nowhere.db"), RunSource("1"), RunList()
    run_memory.forget()
    run_memory._known[store, source] = known = KnownRuns(source)
    found = [
        replace(made_up(f"r{number}", {}, {}), name=f"RandomForest_Run_of_{number}")
        for number in range(10, 20)
    ]
    known.refresh(RunPage(tuple(found)))
    runs.apply(run_arrangement.arrange(store, source, RunView()), RunView())
    width = runs.columns.width_of("name")
    cells = [runs.cell(f"id-r{number}", "name").plain for number in range(10, 20)]
    assert cells[0] == "Random…t_Run_of_10"
    assert len(set(cells)) == 10
    assert all(len(cell) <= width for cell in cells)
    runs.view = RunView(pinned=frozenset({"id-r10"}))
    assert runs.cell("id-r10", "name").plain == "★ Rando…_Run_of_10"
