import json

import pytest

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.jobs.argument import Argument, CommandLine
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.jobs.recipe import Parameter, Value
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan
from mlops_tui.domain.sweeps.trial_job import trial_job, trial_tags

LR = Parameter("lr", 0.1)
FIXED: dict[str, Value | None] = {"run_name": "forest", "depth": 3}

ARGUMENTS = ("--lr", "0.5", "--depth", "3", "--run_name", "forest")


def launchable(kind: TargetKind, prefix: tuple[str, ...] = (), template: str = "") -> Launchable:
    parameters = (LR, Parameter("depth", 5), Parameter("run_name", "x"))
    line = CommandLine(tuple(Argument(each, f"--{each.name}") for each in parameters))
    target = Target(kind, "train", "main" if template else "")
    return Launchable(target, "train", line, "/w", "python", "own", prefix, template)


def plan(kind: TargetKind, **options: str) -> SweepPlan:
    return SweepPlan(Target(kind, "train"), {}, "loss", Direction.MIN, options=options)


@pytest.mark.parametrize(
    ("found", "command"),
    [
        (
            launchable(TargetKind.SCRIPT, ("train.py",)),
            ("python", "train.py", *ARGUMENTS, "-v"),
        ),
        (
            launchable(TargetKind.MODULE, ("-m", "pkg.train")),
            ("python", "-m", "pkg.train", *ARGUMENTS, "-v"),
        ),
        (
            launchable(TargetKind.PROJECT, template="python train.py {lr} --d={depth}"),
            ("python", "train.py", "0.5", "--d=3", "-v"),
        ),
    ],
)
def test_a_trial_is_launched_as_the_target_alone_would_be(
    found: Launchable, command: tuple[str, ...]
) -> None:
    spec = trial_job(found, plan(found.target.kind, arguments="-v"), FIXED, 4, {"lr": 0.5})
    assert spec.command == command


def test_each_trial_of_a_recipe_has_a_run_name_of_its_own() -> None:
    found = launchable(TargetKind.RECIPE, ("program", "train"))
    spec = trial_job(found, plan(TargetKind.RECIPE), FIXED, 4, {"lr": 0.5})
    values = {"run_name": "forest-4", "depth": 3, "lr": 0.5}
    assert spec.command[:3] == ("python", "program", "train")
    assert json.loads(spec.command[-1]) == values


def test_a_template_that_wants_more_is_refused() -> None:
    found = launchable(TargetKind.PROJECT, template="python train.py {other}")
    with pytest.raises(InvalidInput, match=r"has no value for \{other\}"):
        trial_job(found, plan(TargetKind.PROJECT), FIXED, 0, {"lr": 0.5})


def test_the_runs_of_a_trial_are_tagged_with_what_it_tries() -> None:
    named = trial_tags(plan(TargetKind.SCRIPT, run_name="fast"), "p1", 3, {"lr": 0.5})
    assert named == {
        "mlflow.parentRunId": "p1",
        "mlflow.runName": "fast-3",
        "mlops_tui.trial": "3",
        "mlops_tui.trial.values": '{"lr": 0.5}',
    }
    assert trial_tags(plan(TargetKind.SCRIPT), "p1", 3, {})["mlflow.runName"] == "trial 3"
