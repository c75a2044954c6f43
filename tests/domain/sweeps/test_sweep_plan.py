from dataclasses import replace

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.jobs.argument import Argument, CommandLine
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.slurm.slurm_resources import FORM
from mlops_tui.domain.sweeps.search_space import Choice, Range
from mlops_tui.domain.sweeps.sweep_plan import (
    Method,
    SweepPlan,
    checked,
    read_plan,
    sentence,
    space_of,
)

PARAMETERS = (
    Parameter("lr", 0.1),
    Parameter("depth", 5),
    Parameter("api_key", None, kind=str, optional=True),
)
SCRIPT = Launchable(
    Target(TargetKind.SCRIPT, "/w/train.py"),
    "train.py",
    CommandLine(tuple(Argument(each, f"--{each.name}") for each in PARAMETERS)),
    "/w",
    "python",
    "own",
    ("/w/train.py",),
)
PLAN = SweepPlan(
    SCRIPT.target,
    {"lr": "0.1,0.2", "depth": "2..4"},
    "accuracy",
    Direction.MAX,
    Method.GRID,
    options={"experiment": "Flowers", "tags": 'team=a, note="x, y"', "variables": "TOKEN"},
)


def test_a_plan_is_read_back_as_it_was_written() -> None:
    assert read_plan(PLAN.to_json()) == PLAN
    assert read_plan(replace(PLAN, method=Method.TPE, parent_run="abc").to_json()) != PLAN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        "null",
        '{"target": 3}',
        PLAN.to_json().replace("grid", "magic"),
        PLAN.to_json().replace('"seed": 0', '"seed": "0"'),
    ],
)
def test_what_is_no_plan_is_none(text: str) -> None:
    assert read_plan(text) is None


def test_the_fields_become_a_space_with_what_stays() -> None:
    space = space_of(SCRIPT, PLAN)
    assert space.swept == {"lr": Choice((0.1, 0.2)), "depth": Range(2, 4, is_whole=True)}
    assert space.fixed == {"api_key": None}


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"lr": "a,b"}, "lr: a number."),
        ({"momentum": "1,2"}, "train.py has no parameter 'momentum'."),
        (
            {"api_key": "s3cret"},
            "api_key: a sweep writes its values down; give a secret as a variable.",
        ),
    ],
)
def test_wrong_fields_are_refused(fields: dict[str, str], reason: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        space_of(SCRIPT, replace(PLAN, fields=fields))
    assert str(refusal.value) == reason


def test_a_grid_has_as_many_trials_as_points_or_fewer() -> None:
    space = space_of(SCRIPT, PLAN)
    assert checked(PLAN, space).trials == 6
    assert checked(replace(PLAN, trials=4), space).trials == 4
    assert checked(replace(PLAN, trials=99), space).trials == 6
    assert checked(replace(PLAN, method=Method.TPE), space).trials == 20
    assert checked(replace(PLAN, metric=" f1 "), space).metric == "f1"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"fields": {}}, "No parameter has more than one value."),
        ({"metric": " "}, "A sweep needs a metric to compare trials by."),
        ({"at_once": 0}, "Numbers of trials are at least 1."),
        ({"fields": {"lr": "0.1..0.2"}}, "lr: a grid needs a list"),
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(changes: dict[str, object], reason: str) -> None:
    plan = replace(PLAN, **changes)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="^" + reason):
        checked(plan, space_of(SCRIPT, plan))


def test_what_it_will_do_is_said_in_a_sentence() -> None:
    assert sentence(replace(PLAN, trials=6, at_once=2), [FORM]) == (
        "6 trials, 2 at once: grid search for the greatest accuracy"
    )
    one = replace(PLAN, trials=1, direction=Direction.MIN, metric="loss", method=Method.TPE)
    assert sentence(one, []) == "1 trial: tpe search for the least loss"
    there = replace(PLAN, options={"runs_on": "Slurm"}, trials=6)
    assert sentence(there, [FORM]).endswith("accuracy, each a task of an array job")
    without = replace(FORM, has_arrays=False)
    assert sentence(there, [without]).endswith("accuracy, in one job")
    tpe = replace(there, method=Method.TPE)
    assert sentence(tpe, [FORM]).endswith("accuracy, in one job: each learns from those before")
