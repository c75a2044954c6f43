"""The flags and results that ``train`` and ``sweep`` share."""

import argparse
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli import launch_target
from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_json, tell
from mlops_tui.domain.errors import InvalidInput, refuse_reasons
from mlops_tui.settings import Settings

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.job_options import JobOptions
    from mlops_tui.domain.jobs.launchable import Launchable
    from mlops_tui.domain.jobs.launcher_form import LauncherForm
    from mlops_tui.domain.processes.process import ProcessRecord


def add_target(parser: argparse.ArgumentParser, param_help: str) -> None:
    """Add the flags that say what is launched and how."""
    parser.add_argument(
        "target",
        metavar="TARGET",
        nargs="?",
        default="",
        help="recipe, script, module or MLproject folder",
    )
    parser.add_argument(
        "-m", "--module", metavar="MODULE", default="", help="launch a module instead of TARGET"
    )
    parser.add_argument(
        "-P", dest="params", metavar="NAME=VALUE", action="append", default=[], help=param_help
    )
    parser.add_argument(
        "--entry",
        metavar="NAME",
        default="",
        help="entry point of an MLproject, or sub-command of a program",
    )
    parser.add_argument("--cwd", metavar="DIR", default="", help="working directory")
    parser.add_argument(
        "--env",
        dest="variables",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="environment variable; NAME alone passes on its current value",
    )
    _add_flags_of_runs(parser)
    add_resources(parser)


def _add_flags_of_runs(parser: argparse.ArgumentParser) -> None:
    """Add the flags that say how the runs of a job are filed."""
    parser.add_argument(
        "--experiment",
        metavar="NAME",
        default="",
        help="MLflow experiment, created if it does not exist",
    )
    parser.add_argument(
        "--run-name",
        metavar="NAME",
        default="",
        help="name for runs that the program leaves unnamed",
    )
    parser.add_argument(
        "--tag",
        dest="tags",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="tag for its runs",
    )


def add_resources(parser: argparse.ArgumentParser) -> None:
    """Add the choice of a launcher and the fields of each as flags, those of one name once."""
    from mlops_tui.domain.jobs.launcher_form import flag_of
    from mlops_tui.services.launchers import all_launchers

    forms = all_launchers.forms()
    parser.add_argument(
        "--runs-on",
        metavar="LAUNCHER",
        default="",
        help=f"{_titles(forms)} (default: this machine, unless a resource is asked for)",
    )
    added: set[str] = set()
    for form in forms:
        group = parser.add_argument_group(f"resources on {form.title} (any of them runs it there)")
        for field in form.fields:
            if field.name not in added:
                group.add_argument(flag_of(field.name), default="", help=field.help)
                added.add(field.name)


def _titles(forms: "Iterable[LauncherForm]") -> str:
    return ", ".join(form.title for form in forms)


def add_waiting(parser: argparse.ArgumentParser) -> None:
    """Add ``--wait``, ``--json`` and the arguments that go to the program."""
    parser.add_argument(
        "--wait", action="store_true", help="wait until it ends; exit with its exit code"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.add_argument(
        "free", metavar="-- ARGS", nargs="*", help="arguments for the program, as they are"
    )


def options_of(launchable: "Launchable", arguments: Mapping[str, Any]) -> "JobOptions":
    """Return the options of the job from the flags. Raises ``InvalidInput``."""
    import shlex

    from mlops_tui.domain.jobs import job_options
    from mlops_tui.services.launchers import all_launchers

    directory = str(Path(arguments["cwd"]).absolute()) if arguments["cwd"] else ""
    texts = {
        "experiment": arguments["experiment"],
        "run_name": arguments["run_name"],
        "arguments": shlex.join(launch_target.free_words(launchable, arguments)),
        "variables": shlex.join(arguments["variables"]),
        "directory": directory,
        "tags": ", ".join(arguments["tags"]),
    }
    texts |= launcher_texts(arguments)
    options, reasons = job_options.options_of(texts, all_launchers.forms())
    refuse_reasons(reasons)
    return options


def launcher_texts(arguments: Mapping[str, Any]) -> dict[str, str]:
    """Return the resources with the launcher that is named, else the first that has them all."""
    from mlops_tui.domain.jobs.launcher_form import flag_of
    from mlops_tui.services.launchers import all_launchers

    forms, named = all_launchers.forms(), arguments["runs_on"]
    names = [field.name for form in forms for field in form.fields]
    given = {name: arguments[name] for name in names if arguments[name]}
    if not given and not named:
        return {}
    able = [form for form in forms if named.casefold() in ("", form.title.casefold())]
    if not able:
        raise InvalidInput(
            f"There is no launcher {named!r}.",
            f"Give {_titles(forms)}; without --runs-on it runs on this machine.",
        )
    for form in able:
        if form.of_these(given) == given:
            return {"runs_on": form.title, **given}
    if named:
        others = [flag_of(name) for name in given.keys() - able[0].of_these(given).keys()]
        raise InvalidInput(f"{able[0].title} does not take {', '.join(sorted(others))}.")
    raise InvalidInput(f"No launcher takes {', '.join(map(flag_of, given))} together.")


def given_texts(
    launchable: "Launchable", arguments: Mapping[str, Any], options: "JobOptions"
) -> dict[str, str]:
    """Return the texts given with ``-P``, by parameter. Raises ``InvalidInput``."""
    from mlops_tui.domain.jobs.launchable import TargetKind

    given = dict(map(_pair, arguments["params"]))
    if launchable.target.kind is TargetKind.RECIPE:
        told = {"experiment": options.experiment, "run_name": options.run_name}
        given = {name: text for name, text in told.items() if text} | given
    known = [parameter.name for parameter in launchable.line.parameters]
    if unknown := sorted(given.keys() - set(known)):
        has = f"It has {', '.join(known)}." if known else "No parameters were found in it."
        raise InvalidInput(
            f"{launchable.title} has no parameter {unknown[0]!r}.",
            f"{has} Other arguments go after --.",
        )
    return given


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise InvalidInput(f"-P takes NAME=VALUE, not {text!r}.")
    return name, value


def finish(settings: Settings, record: "ProcessRecord", arguments: Mapping[str, Any]) -> int:
    """Print what was launched, with ``--wait`` after it has ended; return the exit code."""
    if arguments["wait"]:
        record = ended(settings, record, quiet=arguments["json"])
    _print(record, as_json=arguments["json"])
    return _code(record, waited=arguments["wait"])


def ended(settings: Settings, record: "ProcessRecord", *, quiet: bool) -> "ProcessRecord":
    """Wait for the end of the job, with its log on stderr; return its record."""
    from mlops_tui.cli.log_following import PAUSE, LogReader, follow
    from mlops_tui.cli.log_printer import LogPrinter

    reader = LogReader(settings.state_dir, record)
    if not quiet:
        return follow(reader, LogPrinter(sys.stderr))
    while (now := reader.record()).is_underway:
        time.sleep(PAUSE)
    return now


def _print(record: "ProcessRecord", *, as_json: bool) -> None:
    from dataclasses import asdict

    if not as_json:
        print(record.process_id)
    else:
        shown = asdict(record)
        kept = ("process_id", "title", "state", "command", "cwd", "environment", "exit_code")
        print_json({name: shown[name] for name in (*kept, "reason", "settlement", "details")})
    if record.outcome:
        tell(record.outcome)
    elif record.waits:
        tell("The job waits for a free slot; mlops-tui queue shows its position.")


def _code(record: "ProcessRecord", *, waited: bool) -> int:
    """Return the exit code: that of the job if it was waited for."""
    from mlops_tui.domain.processes.process import ProcessState

    if not waited:
        return NOTHING if record.state is ProcessState.FAILED else FINE
    code = record.exit_code
    if code is None:
        return NOTHING
    return 128 - code if code < 0 else code
