"""Runs as points."""

from mlops_tui.domain.compare.comparison import Kind, Trait, trait_label
from mlops_tui.domain.compare.importance import Estimate, Importance, importances
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.tui.charts.run_style import run_styles
from mlops_tui.tui.compare.importance_text import importance_text
from mlops_tui.tui.compare.parallel_chart import upright
from mlops_tui.tui.compare.scatter_pane import points, relation
from tests.domain.made_up import made_up

RUNS = [
    made_up("a", {"depth": 2, "opt": "sgd"}, {"loss": 0.5}),
    made_up("b", {"depth": 3, "opt": "adam"}, {"loss": 0.25}),
    made_up("c", {"depth": 4}, {"auc": 1.0}),
]
LOOKS = run_styles((run.run_id, run.name, False) for run in RUNS)
DEPTH, OPT = Trait(Kind.PARAM, "depth"), Trait(Kind.PARAM, "opt")


def test_each_run_with_both_values_is_a_point() -> None:
    shown = points(RUNS, LOOKS, DEPTH, "loss")
    assert [(p.name, *p.xs, *p.ys, p.mark) for p in shown] == [
        ("a", 2.0, 0.5, "●"),
        ("b", 3.0, 0.25, "▲"),
    ]
    assert relation(RUNS, DEPTH, shown) == "n=2, 1 without a value, ρ=-1"  # noqa: RUF001 - rho


def test_words_stand_at_places_that_are_named() -> None:
    shown = points(RUNS, LOOKS, OPT, "loss")
    assert [p.xs for p in shown] == [[1.0], [0.0]]
    assert relation(RUNS, OPT, shown).endswith("0=adam, 1=sgd")


def test_the_word_none_is_not_a_missing_value() -> None:
    runs = [
        made_up("a", {"max_depth": "None"}, {"loss": 0.5}),
        made_up("b", {"max_depth": "5"}, {"loss": 0.25}),
        made_up("c", {}, {"loss": 0.1}),
    ]
    looks = run_styles((run.run_id, run.name, False) for run in runs)
    across = Trait(Kind.PARAM, "max_depth")
    shown = points(runs, looks, across, "loss")
    assert [(p.name, *p.xs) for p in shown] == [("a", 1.0), ("b", 0.0)]
    assert relation(runs, across, shown) == "n=2, 1 without a value, 0=5, 1=None"


def test_one_point_has_no_relation() -> None:
    shown = points(RUNS, LOOKS, DEPTH, "auc")
    assert relation(RUNS, DEPTH, shown) == "n=1, 2 without a value"


def estimate(*params: Importance) -> Estimate:
    return Estimate(params, runs=40, others=0)


def test_the_estimate_is_named_as_one_with_its_n() -> None:
    runs = [made_up(str(n), {"x": n}, {"loss": n}) for n in range(4)]
    text = importance_text("loss", importances(runs, "loss", Direction.MIN)).plain
    assert "An estimate" in text
    assert "Fewer than 20 runs" in text
    assert "Over 4 runs that finished." in text
    assert "100%  best 0  rises with it" in text
    assert "n=4" in text


def test_enough_runs_need_no_warning_and_words_have_no_sense() -> None:
    text = importance_text("loss", estimate(Importance("opt", 0.25, None, 40, "adam"))).plain
    assert "Fewer" not in text
    assert "25%  best adam  n=40" in text
    lower = importance_text("m", estimate(Importance("x", 1, -1.0, 40, (1.0, 2.0)))).plain
    assert "best 1…2  falls with it" in lower


def test_an_optimum_has_a_range_and_no_direction() -> None:
    text = importance_text("acc", estimate(Importance("lr", 0.8, 0.2, 40, (5e-4, 2e-3)))).plain
    assert "80%  best 0.0005…0.002  n=40" in text


def test_who_is_left_out_is_said() -> None:
    text = importance_text("acc", Estimate((), runs=2, others=3, is_whole=False)).plain
    assert "Over 2 runs that finished, without 3 runs that did not finish; more are on" in text
    assert "At least three finished runs" in text


def test_a_param_and_a_metric_of_one_name_are_told_apart() -> None:
    runs = [made_up("a", {"lr": 1, "wd": 0}, {"lr": 0.1})]
    labels = [trait_label(Trait(kind, "lr"), runs) for kind in (Kind.PARAM, Kind.METRIC)]
    assert labels == ["param lr", "metric lr"]
    assert trait_label(Trait(Kind.PARAM, "wd"), runs) == "wd"
    assert upright(Trait(Kind.METRIC, "lr"), runs).name == "metric lr"
