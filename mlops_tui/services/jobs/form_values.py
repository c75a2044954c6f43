"""The values of a launch form, from the texts of its fields."""

from collections.abc import Mapping

from mlops_tui import recipes
from mlops_tui.domain.errors import refuse_reasons
from mlops_tui.domain.jobs.filled_form import default_texts
from mlops_tui.domain.jobs.launchable import Launchable, TargetKind
from mlops_tui.domain.jobs.recipe import Value, parse_all, parse_fields


def values_of(launchable: Launchable, given: Mapping[str, str]) -> dict[str, Value | None]:
    """Return the value of each parameter; what is not given is as by default.

    Raises ``InvalidInput`` with the reason of each parameter that is wrong.
    """
    texts = default_texts(launchable) | dict(given)
    is_recipe = launchable.target.kind is TargetKind.RECIPE
    recipe = recipes.find(launchable.target.name) if is_recipe else None
    if recipe is not None:
        values, reasons = parse_all(recipe, texts)
    else:
        values, reasons = parse_fields(launchable.line.parameters, texts)
        reasons = reasons or launchable.problems(values)
    refuse_reasons(reasons)
    return values
