"""The flags with the sub-commands."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from mlops_tui import __version__
from mlops_tui.cli import interface
from mlops_tui.cli.exit_codes import EXIT_CODES
from mlops_tui.settings import OPTIONS, SWITCH

DESCRIPTION = "A terminal control room for MLflow. Without a sub-command it opens the interface."

PRECEDENCE = """\
A flag wins over the environment, that over the config file, that over the default.
The config file is config.toml in the platform's folder for mlops-tui (`mlops-tui doctor` says
where), or what MLOPS_TUI_CONFIG names.
"""


def parse(argv: Sequence[str] | None) -> dict[str, Any]:
    """Return what a command line says. Words after ``--`` are free, also where flags come before.

    There argparse leaves them over: it has looked for them where the target stands.
    """
    words = sys.argv[1:] if argv is None else argv
    if opening := _opening(words):
        return opening
    reader = parser()
    found, left = reader.parse_known_args(words)
    arguments = vars(found)
    if left[:1] == ["--"] and "free" in arguments:
        arguments["free"] = [*arguments["free"], *left[1:]]
    elif left:
        from mlops_tui.domain.processes.running_process import without_secrets

        reader.error(f"unrecognized arguments: {' '.join(without_secrets(left))}")
    return arguments


def _opening(words: Sequence[str]) -> dict[str, Any] | None:
    """Return what opens the interface, None where there may be more than settings to read.

    It is there sooner when the sub-commands are not imported.
    """
    reader = argparse.ArgumentParser(
        parents=[_settings()], allow_abbrev=False, add_help=False, exit_on_error=False
    )
    try:
        found, left = reader.parse_known_args(words)
    except argparse.ArgumentError:
        return None
    return None if left else {"command": None, "run": interface.run, **vars(found)}


def parser() -> argparse.ArgumentParser:
    """Return what reads the command line; ``run`` in its result carries the command out."""
    from mlops_tui.cli.sub_commands import SUB_COMMANDS

    common: dict[str, Any] = {
        "parents": [_settings()],
        "allow_abbrev": False,
        "formatter_class": argparse.RawDescriptionHelpFormatter,
    }
    main = argparse.ArgumentParser(
        "mlops-tui", description=DESCRIPTION, epilog=f"{PRECEDENCE}\n{EXIT_CODES}", **common
    )
    main.add_argument("--version", action="version", version=f"mlops-tui {__version__}")
    main.set_defaults(run=interface.run)
    commands = main.add_subparsers(dest="command", metavar="COMMAND", title="sub-commands")
    for each in SUB_COMMANDS:
        each.add_to(commands, common)
    return main


def _settings() -> argparse.ArgumentParser:
    """Return the flags that every sub-command takes, too."""
    options = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    group = options.add_argument_group("settings")
    for option in OPTIONS:
        text = f"{option.help} (default: {option.shown_default}) [{option.environment}]"
        if option.kind is SWITCH:
            group.add_argument(option.flag, action=argparse.BooleanOptionalAction, help=text)
        else:
            group.add_argument(option.flag, metavar=option.kind.metavar, help=text)
    return options
