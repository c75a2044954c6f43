"""Which params a metric depends on most."""

import pytest

from mlops_tui.domain.runs.importance import importances
from tests.domain.made_up import made_up

RUNS = [
    made_up(
        str(number),
        {"lr": 10.0**-number, "opt": "ab"[number % 2], "seed": number % 3, "same": 1,
         "name": f"run {number}"},
        {"loss": float(number)},
    )
    for number in range(8)
]  # fmt: skip


def test_what_the_metric_follows_comes_first_with_its_sense() -> None:
    first, *_others = found = importances(RUNS, "loss")
    assert (first.param, first.runs) == ("lr", 8)
    assert first.share == pytest.approx(1.0)
    assert first.correlation == pytest.approx(-1.0)
    assert [each.share for each in found] == sorted((e.share for e in found), reverse=True)


def test_words_have_a_share_without_a_sense() -> None:
    opt = next(each for each in importances(RUNS, "loss") if each.param == "opt")
    assert opt.correlation is None
    assert 0 < opt.share < 0.2


def test_what_tells_the_runs_apart_by_nothing_or_by_name_alone_is_left_out() -> None:
    assert {each.param for each in importances(RUNS, "loss")} == {"lr", "opt", "seed"}


def test_only_runs_with_both_values_count() -> None:
    runs = [*RUNS, made_up("no loss", {"lr": 1}), made_up("no lr", {}, {"loss": 9.0})]
    assert importances(runs, "loss")[0].runs == 8


def test_two_runs_say_nothing() -> None:
    assert importances(RUNS[:2], "loss") == ()
    assert importances(RUNS, "not logged") == ()
