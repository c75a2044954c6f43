from dataclasses import replace

from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.sweeps.sweep_command import sweep_command
from mlops_tui.domain.sweeps.sweep_plan import Method, SweepPlan

OPTIONS = {
    "experiment": "Flowers",
    "tags": 'team=a, note="x, y"',
    "variables": "TOKEN",
    "runs_on": "Slurm",
    "gpus": "a100:2",
    "time_limit": "2:00:00",
}
PLAN = SweepPlan(
    Target(TargetKind.SCRIPT, "/w/train.py"),
    {"lr": "0.1,0.2", "depth": "2..4"},
    "accuracy",
    Direction.MAX,
    Method.GRID,
    trials=6,
    at_once=2,
    seed=3,
    prune_after=4,
    options=OPTIONS,
)


def test_the_command_says_all_that_is_not_usual() -> None:
    assert sweep_command(PLAN) == (
        *("mlops-tui", "sweep", "/w/train.py", "-P", "lr=0.1,0.2", "-P", "depth=2..4"),
        *("--metric", "accuracy", "--method", "grid", "--trials", "6", "--jobs", "2"),
        *("--seed", "3", "--prune-after", "4", "--experiment", "Flowers"),
        *("--runs-on", "Slurm", "--gpus", "a100:2", "--time-limit", "2:00:00", "--env", "TOKEN"),
        *("--tag", "team=a", "--tag", 'note="x, y"'),
    )
    project = Target(TargetKind.PROJECT, "/w", "train")
    plan = SweepPlan(project, {"lr": "1,2"}, "loss", Direction.MAX, options={"arguments": "-v x"})
    assert sweep_command(plan) == (
        *("mlops-tui", "sweep", "/w", "--entry", "train", "-P", "lr=1,2", "--metric", "loss"),
        *("--method", "random", "--direction", "max", "--", "-v", "x"),
    )
    module = replace(plan, target=Target(TargetKind.MODULE, "pkg.train"), options={})
    assert sweep_command(module)[:4] == ("mlops-tui", "sweep", "-m", "pkg.train")
