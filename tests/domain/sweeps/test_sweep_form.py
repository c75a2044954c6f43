from dataclasses import replace

import pytest

from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.sweeps.sweep_form import (
    HOW,
    filled_plan,
    how_texts,
    text_fields,
    wrong_fields,
)
from mlops_tui.domain.sweeps.sweep_plan import Method, SweepPlan
from tests.domain.sweeps.test_sweep_plan import PLAN, SCRIPT

FIELDS = {"lr": " 0.1,0.2 ", "depth": "5", "api_key": ""}


def filled(**changes: str) -> SweepPlan:
    plan, reasons = filled_plan(SCRIPT, FIELDS, how_texts(None) | {"metric": "loss"} | changes)
    assert plan, reasons
    return plan


def test_a_form_becomes_a_plan_of_what_differs_from_the_defaults() -> None:
    plan = filled()
    assert plan == SweepPlan(SCRIPT.target, {"lr": "0.1,0.2"}, "loss", Direction.MIN)
    assert filled(direction="max").direction is Direction.MAX
    more = filled(method="tpe", trials="7", at_once="2", prune_after="3", seed="9")
    assert (more.method, more.trials, more.at_once) == (Method.TPE, 7, 2)
    assert (more.prune_after, more.seed) == (3, 9)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"metric": ""}, {"metric": "needs a value"}),
        ({"trials": "0"}, {"trials": "at least 1"}),
        ({"at_once": "many"}, {"at_once": "a whole number"}),
        ({"method": "magic"}, {"method": "one of grid, random, tpe"}),
    ],
)
def test_wrong_fields_have_reasons(changes: dict[str, str], reasons: dict[str, str]) -> None:
    texts = how_texts(None) | {"metric": "loss"} | changes
    assert filled_plan(SCRIPT, FIELDS, texts) == (None, reasons)


def test_a_plan_fills_the_fields_that_make_it_again() -> None:
    for plan in (
        replace(PLAN, method=Method.RANDOM, trials=5, prune_after=2, direction=Direction.MIN),
        replace(PLAN, method=Method.GRID, trials=0),
    ):
        again, _ = filled_plan(SCRIPT, plan.fields, how_texts(plan))
        assert again
        assert replace(again, options=plan.options) == plan
    assert how_texts(None) == {each.name: how_texts(None)[each.name] for each in HOW}


def test_fields_take_lists_though_the_parameter_has_choices() -> None:
    choice = Parameter("optimizer", "adam", "how", choices=("adam", "sgd"))
    truth = Parameter("shuffle", default=True)
    fields = text_fields((choice, truth, Parameter("lr", 0.1, "rate")))
    assert [field.help for field in fields] == ["adam, sgd; how", "true, false", "rate"]
    assert all(field.parse("a,b") == "a,b" for field in fields)
    texts = {"optimizer": "adam,lion", "shuffle": "true,false"}
    assert wrong_fields((choice, truth), texts) == {"optimizer": "one of adam, sgd"}
