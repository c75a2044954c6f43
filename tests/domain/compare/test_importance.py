"""Which params a metric depends on most."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from mlops_tui.domain.compare.importance import Importance, importances
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.runs.run import Run, RunStatus
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


def found(runs: Sequence[Run], metric: str = "loss") -> Mapping[str, Importance]:
    return {each.param: each for each in importances(runs, metric, Direction.MIN).params}


def test_what_the_metric_follows_comes_first_with_its_sense() -> None:
    first, *_others = each = list(found(RUNS).values())
    assert (first.param, first.runs) == ("lr", 8)
    assert first.share == pytest.approx(1.0)
    assert first.correlation == pytest.approx(-1.0)
    assert [e.share for e in each] == sorted((e.share for e in each), reverse=True)


def test_an_optimum_in_the_middle_is_seen_with_the_range_where_it_lies() -> None:
    runs = [
        made_up(
            str(number),
            {"lr": 10.0 ** (-5 + number / 30), "seed": number * 37 % 121},
            {"val_acc": 0.9 - (number / 60 - 1) ** 2},
        )
        for number in range(121)
    ]
    lr, seed = importances(runs, "val_acc", Direction.MAX).params
    assert (lr.param, seed.param) == ("lr", "seed")
    assert lr.share > 0.9
    assert abs(lr.correlation or 0.0) < 0.1
    assert isinstance(lr.best, tuple)
    assert 3e-4 < lr.best[0] < 1e-3 < lr.best[1] < 3e-3
    assert seed.share < 0.1
    worst = importances(runs, "val_acc", Direction.MIN).params[0]
    assert worst.best[0] == 1e-5 or worst.best[1] == 0.1


def test_words_have_a_share_without_a_sense_and_the_best_of_them() -> None:
    runs = [made_up(f"{n}", {"opt": "ab"[n % 2]}, {"loss": n % 2 + n / 100}) for n in range(9)]
    opt = found(runs)["opt"]
    assert opt.correlation is None
    assert opt.best == "a"
    assert opt.share > 0.7


def test_what_tells_the_runs_apart_by_nothing_or_by_name_alone_is_left_out() -> None:
    assert set(found(RUNS)) == {"lr", "opt", "seed"}


def test_only_finished_runs_with_both_values_count() -> None:
    odd = made_up("failed", {"lr": 1e-9}, {"loss": 1e9})
    runs = [
        *RUNS,
        made_up("no loss", {"lr": 1}),
        made_up("no lr", {}, {"loss": 9.0}),
        *(replace(odd, status=each) for each in RunStatus if each is not RunStatus.FINISHED),
    ]
    assert found(runs)["lr"].runs == 8
    estimate = importances(runs, "loss", Direction.MIN)
    assert (estimate.runs, estimate.others) == (10, len(RunStatus) - 1)


def test_two_runs_say_nothing() -> None:
    assert found(RUNS[:2]) == {}
    assert found(RUNS, "not logged") == {}
