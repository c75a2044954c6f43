"""``mlops-tui train``: launch a training job."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mlops_tui.cli import launch_arguments, launch_target
from mlops_tui.cli.sub_command import Commands
from mlops_tui.settings import Settings

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.launchable import Launchable
    from mlops_tui.domain.jobs.recipe import Value

ABOUT = "launch a training job, which outlives this command"

DETAILS = """\
launch a training job, which outlives this command; prints its id

TARGET is a recipe (synthetic_forest), a script (train.py), a module (--module pkg.train), or a
folder with an MLproject file. A sub-command stands behind it (train.py fit). Its parameters are
checked before it starts. Words after -- go to the program as they are. The value of a variable
reaches the job alone; no record holds it.
"""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("train", help=ABOUT, description=DETAILS, **common)
    launch_arguments.add_target(parser, "a parameter")
    launch_arguments.add_waiting(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Launch the job; with ``--wait`` follow it to its end."""
    from mlops_tui.domain.jobs.job_spec import handed_on, job_spec
    from mlops_tui.services.jobs import jobs

    launchable = launch_target.launchable_of(settings, arguments)
    options = launch_arguments.options_of(launchable, arguments)
    values = _values(launchable, launch_arguments.given_texts(launchable, arguments, options))
    spec = job_spec(launchable, values, options)
    variables = handed_on(launchable, values, options)
    record = jobs.launch(settings.store, settings.state_dir, spec, variables)
    return launch_arguments.finish(settings, record, arguments)


def _values(launchable: "Launchable", given: Mapping[str, str]) -> "dict[str, Value | None]":
    from mlops_tui import recipes
    from mlops_tui.domain.jobs.filled_form import default_texts
    from mlops_tui.domain.jobs.launchable import TargetKind
    from mlops_tui.domain.jobs.recipe import parse_all, parse_fields

    texts = default_texts(launchable) | dict(given)
    is_recipe = launchable.target.kind is TargetKind.RECIPE
    recipe = recipes.find(launchable.target.name) if is_recipe else None
    if recipe is not None:
        values, reasons = parse_all(recipe, texts)
    else:
        values, reasons = parse_fields(launchable.line.parameters, texts)
        reasons = reasons or launchable.problems(values)
    launch_arguments.refuse(reasons)
    return values
