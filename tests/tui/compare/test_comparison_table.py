"""The table of a comparison."""

from dataclasses import replace

from mlops_tui.domain.compare.comparison import Kind, Trait
from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.tui.charts.run_style import run_styles
from mlops_tui.tui.compare.comparison_table import DELTA, ComparisonTable, styles_of
from mlops_tui.tui.compare.comparison_text import legend
from tests.domain.made_up import made_up

RUNS = (
    made_up("a", {"depth": 2, "opt": "adam", "same": 1}, {"loss": 0.5}, {"team": "x"}),
    made_up("b", {"depth": 2, "opt": "sgd", "same": 1}, {"loss": 0.75}, {"team": "y"}),
)
LISTED = ComparisonTable(RUNS, run_styles((run.run_id, run.name, False) for run in RUNS))
BASED = LISTED.with_next_baseline()
DEPTH, OPT, TEAM = (
    Trait(Kind.PARAM, "depth"),
    Trait(Kind.PARAM, "opt"),
    Trait(Kind.TAG, "team"),
)
LOSS = Trait(Kind.METRIC, "loss")


def test_each_run_has_a_column_with_its_mark() -> None:
    assert [column.title for column in LISTED.columns()] == ["", "Key", "● a", "▲ b"]
    assert [column.title for column in BASED.columns()] == ["", "Key", "=● a", "▲ b", "Δ"]


def test_cells_show_kind_key_and_value() -> None:
    cells = [LISTED.cell(LOSS, column).plain for column in ("kind", "key", "id-a", "id-b")]
    assert cells == ["metric", "loss", "0.5", "0.75"]
    assert LISTED.cell(Trait(Kind.PARAM, "none"), "id-a").plain == ""


def test_deltas_are_signed_and_words_differ_or_not() -> None:
    deltas = [BASED.cell(trait, DELTA + "id-b").plain for trait in (LOSS, DEPTH, OPT, TEAM)]
    assert deltas == ["+0.25", "=", "≠", "≠"]
    other = BASED.with_next_baseline()
    assert other.cell(LOSS, DELTA + "id-a").plain == "-0.25"
    same = Trait(Kind.PARAM, "none")
    assert BASED.cell(same, DELTA + "id-b").plain == ""
    assert BASED.cell(Trait(Kind.TAG, "none"), DELTA + "id-b").plain == ""


def test_a_row_names_the_experiments_where_they_differ() -> None:
    other = replace(RUNS[1], experiment_id="2", experiment_name="20")
    runs = (replace(RUNS[0], experiment_name="10"), other)
    listed = replace(LISTED, runs=runs).with_next_baseline()
    row = listed.shown[0]
    shown = [listed.cell(row, column).plain for column in ("kind", "key", "id-a", "id-b")]
    assert shown == ["attribute", "experiment", "10", "20"]
    assert listed.cell(row, DELTA + "id-b").plain == "≠"
    assert listed.columns()[0].width == len("attribute")


def test_only_differences_leave_what_tells_the_runs_apart() -> None:
    listed = replace(LISTED, only_differences=True)
    assert [str(trait) for trait in listed.shown] == ["param:opt", "metric:loss", "tag:team"]
    assert listed.summary() == "3 of 6 rows · 2 runs · differences only"
    assert listed.scope() == "the 3 of 6 rows that differ"
    assert replace(listed, words="s").scope() == "the 2 of 6 rows that differ and pass the filter"
    assert LISTED.scope() == ""


def test_what_is_equal_is_dim() -> None:
    same = Trait(Kind.PARAM, "same")
    assert [LISTED.cell(each, "id-a").style for each in (OPT, same)] == ["", "dim"]
    assert [LISTED.cell(each, "key").style for each in (OPT, same)] == ["", "dim"]


def test_what_differs_comes_first_of_its_kind() -> None:
    shown = [str(trait) for trait in LISTED.shown]
    kinds = ["param:opt", "param:depth", "param:same", "metric:loss", "tag:team"]
    assert shown == ["attribute:status", *kinds]


def test_two_runs_use_the_width_and_many_have_the_least_of_it() -> None:
    wide = replace(LISTED, width=118)
    assert [column.width for column in wide.columns()] == [9, 20, 42, 42]
    assert [column.width for column in LISTED.columns()][2:] == [14, 14]


def test_the_heads_of_long_names_show_where_they_differ() -> None:
    runs = tuple(replace(run, name=f"resnet50-imagenet-{run.name}") for run in RUNS)
    titles = [column.title for column in replace(LISTED, runs=runs).columns()][2:]
    assert titles == ["● res…genet-a", "▲ res…genet-b"]
    titles = [
        c.title for c in replace(LISTED, runs=(RUNS[0], replace(RUNS[1], name="a"))).columns()
    ]
    assert titles[2:] == ["● a id-a", "▲ a id-b"]


def test_rows_say_how_a_run_ended_when_who_made_it_of_what_data() -> None:
    killed = replace(
        RUNS[0],
        status=RunStatus.KILLED,
        started_at=1_700_000_000_000,
        ended_at=1_700_000_090_000,
        last_step=99,
        user="kim",
        tags={"mlflow.source.name": "train.py"},
        datasets={"wine": "abc123"},
    )
    listed = replace(LISTED, runs=(killed, RUNS[1]))
    rows = {str(trait): listed.cell(trait, "id-a").plain for trait in listed.shown}
    assert rows["attribute:status"] == "■ KILLED"
    assert rows["attribute:duration"] == "1m30s"
    assert len(rows["attribute:started"]) == len("11-14 22:13:20")
    assert [rows[f"attribute:{key}"] for key in ("steps", "user", "source")] == [
        "99",
        "kim",
        "train.py",
    ]
    assert rows["data set:wine"] == "abc123"
    assert "a (KILLED)" in legend(listed).plain
    assert listed.cell(next(iter(listed.shown)), "id-b").plain == "✓ FINISHED"


def test_words_filter_keys_and_values() -> None:
    listed = replace(LISTED, words="sgd")
    assert listed.shown == (OPT,)
    assert listed.summary().endswith("filter: sgd")


def test_the_baseline_goes_round_and_survives_a_refresh_unless_it_is_gone() -> None:
    assert BASED.summary().endswith("baseline: a")
    assert BASED.with_next_baseline().with_next_baseline().baseline == ""
    assert BASED.with_runs(RUNS[:1], BASED.styles).baseline == "id-a"
    assert BASED.with_runs(RUNS[1:], BASED.styles).baseline == ""


def test_a_run_keeps_its_look_when_another_is_gone() -> None:
    whole = styles_of(["id-a", "id-b"], RUNS)
    assert styles_of(["id-a", "id-b"], RUNS[1:]) == whole[1:]
