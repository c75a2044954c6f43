"""Finds the program and the sub-command that TARGET names."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.settings import Settings

if TYPE_CHECKING:
    from mlops_tui.domain.jobs.launchable import Launchable


def launchable_of(settings: Settings, arguments: Mapping[str, Any]) -> "Launchable":
    """Return the program that TARGET names, with its sub-command. Raises ``ServiceError``."""
    from mlops_tui.services.jobs import help_output
    from mlops_tui.services.jobs.launchables import find_target, read_launchable
    from mlops_tui.services.store.store import prepare_environment

    if settings.read_only:
        raise InvalidInput(
            "Jobs cannot be launched in read-only mode.", "--no-read-only allows it."
        )
    prepare_environment()
    here, names = Path.cwd(), [text.partition("=")[0] for text in arguments["params"]]
    target = find_target(typed(arguments)[0], here, arguments["entry"])

    def read(command: str) -> "Launchable":
        told = replace(target, entry_point=command)
        return read_launchable(told, settings.store, here, settings.python)

    def ask(command: str) -> "Launchable":
        return help_output.ask_help(replace(found, target=replace(target, entry_point=command)))

    found = _with_command(read(target.entry_point), arguments, read)
    return _with_command(help_output.complete(found, names), arguments, ask)


def _with_command(
    found: "Launchable", arguments: Mapping[str, Any], read: Callable[[str], "Launchable"]
) -> "Launchable":
    """Return the program with the sub-command that the arguments after TARGET begin with."""
    if arguments["entry"] or not found.line.commands:
        return found
    told = _command_of(found, typed(arguments)[1])
    if not told and found.line.runs_alone:
        return found
    if not told:
        known = ", ".join(filter(None, found.entry_points))
        name = replace(found.target, entry_point="").label
        raise InvalidInput(f"{name} has sub-commands: {known}.", "Name one of them after it.")
    return found if told == found.target.entry_point else read(told)


def _command_of(found: "Launchable", free: Sequence[str]) -> str:
    """Return the sub-command that the arguments begin with, empty for none."""
    fitting = (name for name in found.entry_points if name.split() == free[: len(name.split())])
    return max(fitting, key=len, default="")


def free_words(launchable: "Launchable", arguments: Mapping[str, Any]) -> list[str]:
    """Return the arguments for the program, without the name of its sub-command."""
    free = typed(arguments)[1]
    told = [] if arguments["entry"] else launchable.target.entry_point.split()
    return free[len(told) :] if told and free[: len(told)] == told else free


def typed(arguments: Mapping[str, Any]) -> tuple[str, list[str]]:
    """Return the target and the arguments for it.

    With ``-m`` argparse takes the first of these arguments for the target.
    """
    free = list(arguments["free"])
    if not arguments["module"]:
        return arguments["target"], free
    first = [arguments["target"]] if arguments["target"] else []
    return f"-m {arguments['module']}", first + free
