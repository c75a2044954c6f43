"""What a sweep is to try, of what, judged by what."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from mlops_tui.domain.errors import InvalidInput, refuse_reasons
from mlops_tui.domain.jobs.launchable import Launchable, Target, TargetKind
from mlops_tui.domain.jobs.launcher_form import THIS_MACHINE, LauncherForm, form_titled
from mlops_tui.domain.jobs.recipe import Parameter, Value, to_text
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.sweeps.sampling import grid_axes, grid_size
from mlops_tui.domain.sweeps.search_space import EXAMPLE, Choice, Dimension, parse_fields

SWEEP_TAG = "mlops_tui.sweep"
"""The plan, as JSON, on the run that holds a sweep's trials as its children."""

USUAL_TRIALS = 20


class Method(StrEnum):
    """How the next values are chosen."""

    GRID = "grid"
    RANDOM = "random"
    TPE = "tpe"
    """Tree-structured Parzen estimators, of Optuna: it learns from the trials before."""

    @property
    def is_listed(self) -> bool:
        """Whether all trials are known beforehand."""
        return self is not Method.TPE


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """A sweep without secrets, so that it can be written down.

    ``fields`` are the parameters' texts that differ from the defaults, a single value or what is
    tried; ``options`` the texts of the other fields of a job. ``trials`` is 0 for a whole grid.
    ``prune_after`` is how many complete trials there have to be before a bad one is ended early; 0
    ends none. ``parent_run`` is the run of a sweep that goes on.
    """

    target: Target
    fields: Mapping[str, str]
    metric: str
    direction: Direction
    method: Method = Method.RANDOM
    trials: int = 0
    at_once: int = 1
    seed: int = 0
    prune_after: int = 0
    options: Mapping[str, str] = field(default_factory=dict)
    parent_run: str = ""

    def to_json(self) -> str:
        """Return the plan as text."""
        return json.dumps(asdict(self), ensure_ascii=False)


NUMBERS = ("trials", "at_once", "seed", "prune_after")


def read_plan(text: str) -> SweepPlan | None:
    """Return the plan that a text holds, None where it holds none."""
    try:
        found: Any = json.loads(text or "null")
        target = found.pop("target")
        if not all(type(found.get(name, 0)) is int for name in NUMBERS):
            return None
        return SweepPlan(
            **found
            | {
                "target": Target(TargetKind(target["kind"]), target["name"], target["entry_point"]),
                "fields": {str(name): str(each) for name, each in found["fields"].items()},
                "options": {str(name): str(each) for name, each in found["options"].items()},
                "metric": str(found["metric"]),
                "parent_run": str(found["parent_run"]),
                "direction": Direction(found["direction"]),
                "method": Method(found["method"]),
            }
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def plan_of(record: ProcessRecord) -> SweepPlan | None:
    """Return the plan of the sweep that a job is, None of any other job."""
    return read_plan(record.details.get("sweep", ""))


@dataclass(frozen=True, slots=True)
class Space:
    """The plan's parameters as a launchable takes them: what is swept, what stays."""

    swept: Mapping[str, Dimension]
    fixed: Mapping[str, Value | None]


def space_of(launchable: Launchable, plan: SweepPlan) -> Space:
    """Return what the fields of a plan mean. Raises ``InvalidInput``."""
    parameters = launchable.line.parameters
    texts = {each.name: to_text(each.default) for each in parameters}
    if unknown := sorted(plan.fields.keys() - texts.keys()):
        raise InvalidInput(f"{launchable.title} has no parameter {unknown[0]!r}.")
    swept, fixed, reasons = parse_fields(parameters, texts | dict(plan.fields))
    reasons |= secret_reasons(parameters, plan.fields)
    reasons = reasons or _unwritable(launchable, swept, fixed)
    refuse_reasons(reasons)
    return Space(swept, fixed)


def _unwritable(
    launchable: Launchable, swept: Mapping[str, Dimension], fixed: Mapping[str, Value | None]
) -> dict[str, str]:
    """Return the parameters with a value that no command line of the program says."""
    first = {**fixed, **{name: dimension.at(0) for name, dimension in swept.items()}}
    found = launchable.problems(first)
    for name, dimension in swept.items():
        for value in dimension.values if isinstance(dimension, Choice) else ():
            found |= launchable.problems({**first, name: value})
    return found


def secret_reasons(parameters: Sequence[Parameter], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the fields that hold a secret: a sweep writes down what it tries."""
    return {
        each.name: "a sweep writes its values down; give a secret as a variable"
        for each in parameters
        if each.hides(texts.get(each.name))
    }


def checked(plan: SweepPlan, space: Space) -> SweepPlan:
    """Return the plan with its number of trials. Raises ``InvalidInput`` where it makes no sense.

    A grid has as many as it has points, and ends with the last.
    """
    if not space.swept:
        raise InvalidInput("No parameter has more than one value.", f"Write {EXAMPLE}.")
    if not plan.metric.strip():
        raise InvalidInput("A sweep needs a metric to compare trials by.")
    if plan.at_once < 1 or plan.trials < 0 or plan.prune_after < 0:
        raise InvalidInput("Numbers of trials are at least 1.")
    trials = plan.trials or USUAL_TRIALS
    if plan.method is Method.GRID:
        try:
            size = grid_size(grid_axes(space.swept))
        except ValueError as error:
            raise InvalidInput(f"{error}.") from None
        trials = min(plan.trials or size, size)
    return replace(plan, metric=plan.metric.strip(), trials=trials)


def sentence(plan: SweepPlan, launchers: Sequence[LauncherForm]) -> str:
    """Say what a checked plan will do, on one of these launchers or on this machine."""
    what = "trial" if plan.trials == 1 else "trials"
    once = f", {plan.at_once} at once" if plan.at_once > 1 else ""
    best = "least" if plan.direction is Direction.MIN else "greatest"
    search = f"{plan.method} search for the {best} {plan.metric}"
    return f"{plan.trials} {what}{once}: {search}{_place(plan, launchers)}"


def _place(plan: SweepPlan, launchers: Sequence[LauncherForm]) -> str:
    runs_on = plan.options.get("runs_on") or THIS_MACHINE
    if runs_on == THIS_MACHINE:
        return ""
    if not plan.method.is_listed:
        return ", in one job: each learns from those before"
    form = form_titled(launchers, runs_on)
    return ", each a task of an array job" if form and form.has_arrays else ", in one job"
