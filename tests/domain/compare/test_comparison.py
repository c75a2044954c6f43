"""Runs beside each other."""

from dataclasses import replace
from math import inf, nan

import pytest

from mlops_tui.domain.compare.comparison import Kind, Trait, delta, differs, metric_keys, traits
from tests.domain.made_up import made_up

A = made_up("a", {"depth": 2, "opt": "adam"}, {"loss": 0.5, "auc": nan}, {"team": "x"})
B = made_up("b", {"depth": 3, "opt": "adam"}, {"loss": 0.25}, {"mlflow.user": "me"})
DEPTH, OPT = Trait(Kind.PARAM, "depth"), Trait(Kind.PARAM, "opt")
LOSS, AUC = Trait(Kind.METRIC, "loss"), Trait(Kind.METRIC, "auc")


def test_params_come_before_metrics_before_tags_without_those_of_mlflow() -> None:
    names = [str(trait) for trait in traits([A, B])]
    assert names == ["param:depth", "param:opt", "metric:auc", "metric:loss", "tag:team"]


def test_experiments_come_first_where_they_differ() -> None:
    other = replace(B, experiment_id="2", experiment_name="Flowers")
    first = traits([A, other])[0]
    assert str(first) == "attribute:experiment"
    assert [first.of(A), first.of(other)] == ["1", "Flowers"]


@pytest.mark.parametrize(
    ("trait", "differing"), [(DEPTH, True), (OPT, False), (LOSS, True), (AUC, True)]
)
def test_having_no_value_is_a_difference_too(trait: Trait, differing: bool) -> None:
    assert differs(trait, [A, B]) is differing


def test_the_same_nan_is_no_difference() -> None:
    assert not differs(AUC, [A, made_up("c", metrics={"auc": nan})])


@pytest.mark.parametrize(
    ("text", "number"), [("3", 3.0), ("1e-3", 0.001), ("adam", None), ("nan", None), ("inf", None)]
)
def test_a_param_is_a_number_when_it_reads_as_one(text: str, number: float | None) -> None:
    assert DEPTH.number(made_up("a", {"depth": text})) == number


def test_what_is_not_there_is_no_number() -> None:
    assert LOSS.number(made_up("a")) is None
    assert LOSS.number(made_up("a", metrics={"loss": inf})) is None


def test_a_delta_needs_two_numbers() -> None:
    assert delta(LOSS, B, A) == -0.25
    assert delta(DEPTH, B, A) == 1.0
    assert delta(OPT, B, A) is None
    assert delta(AUC, B, A) is None


def test_metrics_come_in_the_order_in_which_to_look_at_them() -> None:
    runs = [made_up("c", metrics=dict.fromkeys(("lr", "accuracy", "val_acc", "system/cpu"), 1.0))]
    assert metric_keys([A, B, *runs])[:2] == ("val_acc", "loss")
    assert metric_keys([A, B, *runs])[-2:] == ("lr", "system/cpu")
    assert metric_keys([]) == ()
