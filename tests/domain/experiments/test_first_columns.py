"""The columns of a first look at an experiment."""

from dataclasses import replace

from mlops_tui.domain.experiments.first_columns import DATASETS, PARAMS, first_columns
from tests.domain.made_up import made_up

SHOWN = ("lr", "epoch", "loss", "val_accuracy", "val_loss", "accuracy", "test_f1")
METRICS = dict.fromkeys((*SHOWN, *(f"system/cpu_{number}" for number in range(9))), 0.5)


def test_a_few_metrics_of_validation_and_test_then_loss_stand_before_what_varies() -> None:
    runs = [
        replace(
            made_up(str(lr), {"lr": lr, "seed": 7}, METRICS), datasets={"wine": "d1"}
        )
        for lr in (0.1, 0.01)
    ]  # fmt: skip
    assert first_columns(runs) == (
        *("metric:val_accuracy", "metric:val_loss", "metric:test_f1", "metric:loss"),
        *("param:lr", "dataset:wine"),
    )


def test_the_machine_is_never_shown_even_alone() -> None:
    assert first_columns([made_up("a", metrics={"system/cpu": 1.0})]) == ()


def test_a_param_that_some_runs_lack_varies_and_names_of_runs_come_last() -> None:
    runs = [
        made_up(str(n), {"dir": f"out/{n}", "seed": n, "same": 1} | ({"wd": 0} if n else {}))
        for n in range(3)
    ]
    assert first_columns(runs) == ("param:seed", "param:wd", "param:dir")


def test_of_a_single_run_all_params_are_given() -> None:
    assert first_columns([made_up("a", {"b": 1, "a": 2})]) == ("param:a", "param:b")
    assert first_columns([]) == ()


def test_thousands_of_params_and_data_sets_stay_few_columns() -> None:
    runs = [
        replace(
            made_up(str(n), {f"p{i:04}": n + i for i in range(2_000)}),
            datasets={f"d{i}": "x" for i in range(50)},
        )
        for n in range(2)
    ]
    assert len(first_columns(runs)) == PARAMS + DATASETS
