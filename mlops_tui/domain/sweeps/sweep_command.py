"""The sub-command that makes a sweep."""

import shlex
from collections.abc import Mapping

from mlops_tui.domain.jobs.job_options import resource_texts
from mlops_tui.domain.jobs.launchable import TargetKind
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE, launcher_words
from mlops_tui.domain.metrics.direction import guess_direction
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan
from mlops_tui.domain.tags import parse_tags, tags_text


def sweep_command(plan: SweepPlan) -> tuple[str, ...]:
    """Return the sub-command that makes the same sweep."""
    target = plan.target
    words = ["mlops-tui", "sweep"]
    words += ["-m", target.name] if target.kind is TargetKind.MODULE else [target.name]
    if target.entry_point:
        words += ["--entry", target.entry_point]
    for name, text in plan.fields.items():
        words += ["-P", f"{name}={text}"]
    words += ["--metric", plan.metric, "--method", plan.method.value]
    if plan.direction is not guess_direction(plan.metric):
        words += ["--direction", plan.direction.value]
    numbers = {"--trials": plan.trials, "--jobs": plan.at_once, "--seed": plan.seed}
    usual = {"--trials": 0, "--jobs": 1, "--seed": 0}
    for flag, number in (numbers | {"--prune-after": plan.prune_after}).items():
        if number != usual.get(flag, 0):
            words += [flag, str(number)]
    return (*words, *_option_words(plan.options))


OPTION_FLAGS = {"experiment": "--experiment", "run_name": "--run-name", "directory": "--cwd"}


def _option_words(options: Mapping[str, str]) -> list[str]:
    words: list[str] = []
    for name, flag in OPTION_FLAGS.items():
        if text := options.get(name, ""):
            words += [flag, text]
    words += launcher_words(options.get("runs_on") or THIS_MACHINE, resource_texts(options))
    for name in shlex.split(options.get("variables", "")):
        words += ["--env", name]
    for key, value in parse_tags(options.get("tags", "")).items():
        words += ["--tag", tags_text({key: value})]
    free = shlex.split(options.get("arguments", ""))
    return [*words, "--", *free] if free else words
