"""The fields of a sweep, filled in."""

from collections.abc import Mapping, Sequence

from mlops_tui.domain.jobs.launchable import Launchable
from mlops_tui.domain.jobs.recipe import Parameter, parse_fields, to_text
from mlops_tui.domain.metrics.direction import Direction, guess_direction
from mlops_tui.domain.sweeps.search_space import EXAMPLE, QUOTES
from mlops_tui.domain.sweeps.search_space import parse_fields as parse_space
from mlops_tui.domain.sweeps.sweep_plan import USUAL_TRIALS, Method, SweepPlan, secret_reasons

AUTO = "auto"

METRIC = Parameter(
    "metric", None, "trials are compared by their last value; → completes", maximum=250
)
HOW = (
    METRIC,
    Parameter("direction", AUTO, "auto: from the metric's name", choices=(AUTO, "min", "max")),
    Parameter("method", Method.RANDOM.value, choices=tuple(Method)),
    Parameter(
        "trials",
        None,
        f"default {USUAL_TRIALS}; a grid runs every combination",
        minimum=1,
        maximum=100_000,
        optional=True,
        kind=int,
    ),
    Parameter("at_once", 1, "trials that run at the same time", minimum=1, maximum=1_000),
    Parameter(
        "prune_after",
        None,
        "stop bad trials early, after so many complete ones; empty: never",
        minimum=1,
        maximum=100_000,
        optional=True,
        kind=int,
    ),
    Parameter("seed", 0, "for random and tpe", minimum=0, maximum=2**31 - 1),
)
"""What a sweep is asked beside the parameters."""


def text_fields(parameters: Sequence[Parameter]) -> tuple[Parameter, ...]:
    """Return the parameters as fields that take a value, a list or a range."""
    return tuple(
        Parameter(each.name, None, _help(each), optional=True, kind=str) for each in parameters
    )


def _help(parameter: Parameter) -> str:
    if not parameter.can_be_swept:
        return f"the same for all trials; {parameter.help}".rstrip("; ")
    choices = ("true", "false") if parameter.type is bool else parameter.choices
    return f"{', '.join(choices)}; {parameter.help}".rstrip("; ") if choices else parameter.help


def wrong_fields(parameters: Sequence[Parameter], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons of fields that make no sense, by name."""
    return parse_space(parameters, texts)[2] | secret_reasons(parameters, texts)


def how_texts(plan: SweepPlan | None) -> dict[str, str]:
    """Return what the fields beside the parameters hold for a plan, else by default."""
    texts = {each.name: to_text(each.default) for each in HOW}
    if plan is None:
        return texts
    guessed = plan.direction is guess_direction(plan.metric)
    whole_grid = plan.method is Method.GRID
    return texts | {
        "metric": plan.metric,
        "direction": AUTO if guessed else plan.direction.value,
        "method": plan.method.value,
        "trials": "" if whole_grid else to_text(plan.trials),
        "at_once": to_text(plan.at_once),
        "prune_after": to_text(plan.prune_after or None),
        "seed": to_text(plan.seed),
    }


def filled_plan(
    launchable: Launchable, fields: Mapping[str, str], how: Mapping[str, str]
) -> tuple[SweepPlan | None, dict[str, str]]:
    """Return the plan of filled fields, else the reasons of wrong ones beside the parameters."""
    values, reasons = parse_fields(HOW, how)
    if reasons:
        return None, reasons
    defaults = {each.name: to_text(each.default) for each in launchable.line.parameters}
    changed = {name: text.strip() for name, text in fields.items()}
    metric, chosen = to_text(values["metric"]), to_text(values["direction"])
    plan = SweepPlan(
        target=launchable.target,
        fields={name: text for name, text in changed.items() if text != defaults.get(name, "")},
        metric=metric,
        direction=guess_direction(metric) if chosen == AUTO else Direction(chosen),
        method=Method(to_text(values["method"])),
        trials=_whole(values["trials"]),
        at_once=_whole(values["at_once"]),
        seed=_whole(values["seed"]),
        prune_after=_whole(values["prune_after"]),
    )
    return plan, {}


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0


EXPLANATION = f"A parameter takes one value, or several to try: {EXAMPLE}; {QUOTES}."
