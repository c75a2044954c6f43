"""``mlops-tui train``: launches a training job."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli import launch_arguments, launch_target
from mlops_tui.cli.exit_codes import FINE
from mlops_tui.cli.output import print_json, tell
from mlops_tui.cli.sub_command import Commands
from mlops_tui.settings import Settings

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.job_spec import JobSpec
    from mlops_tui.domain.jobs.launchable import Launchable

ABOUT = "launch a training job"

DETAILS = """\
launch a training job; print its id

The job keeps running after this command has ended. TARGET is a recipe (synthetic_forest), a script
(train.py), a module (--module pkg.train), or a folder with an MLproject file. A sub-command follows
it (train.py fit). Parameters are checked before the job starts. Arguments after -- go to the
program unchanged. Values given with --env are passed to the job and written nowhere.
"""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("train", help=ABOUT, description=DETAILS, **common)
    launch_arguments.add_target(parser, "value of a parameter")
    parser.add_argument(
        "--dry-run", action="store_true", help="print the command without starting it"
    )
    launch_arguments.add_waiting(parser)
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Launch the job; with ``--wait`` follow it to its end."""
    from mlops_tui.domain.jobs.job_spec import job_spec, secret_env
    from mlops_tui.services.jobs import jobs
    from mlops_tui.services.jobs.form_values import values_of

    launchable = launch_target.launchable_of(settings, arguments)
    options = launch_arguments.options_of(launchable, arguments)
    values = values_of(launchable, launch_arguments.given_texts(launchable, arguments, options))
    spec = job_spec(launchable, values, options)
    if arguments["dry_run"]:
        return _would_run(launchable, spec, as_json=arguments["json"])
    variables = secret_env(launchable, values, options)
    record = jobs.launch(settings.store, settings.state_dir, spec, variables)
    tell(launchable.python_origin)
    return launch_arguments.finish(settings, record, arguments)


def _would_run(launchable: "Launchable", spec: "JobSpec", *, as_json: bool) -> int:
    """Print what would run, without values that may be secrets."""
    import shlex

    if as_json:
        shown = {"command": list(spec.command), "cwd": spec.directory, "python": spec.python}
        print_json({**shown, "python_origin": launchable.origin, "environment": spec.variables()})
        return FINE
    print(shlex.join(spec.command))
    tell(f"Working directory: {spec.directory or Path.cwd()}. {launchable.python_origin}")
    return FINE
