"""Parses the command line."""

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
Precedence of settings: flag, environment variable, config file, default.
`mlops-tui doctor` shows the path of the config file; MLOPS_TUI_CONFIG sets another.
"""


def parse(argv: Sequence[str] | None) -> dict[str, Any]:
    """Parse a command line. All words after ``--`` go to the launched program.

    After flags argparse leaves these words unparsed, so they are added here.
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
    """Parse a command line with nothing but settings; return None for any other.

    Without importing the sub-commands the interface opens sooner.
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
    """Return the parser of all sub-commands; ``run`` in its result runs the command."""
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
    """Return the flags for settings, which every sub-command takes."""
    options = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    group = options.add_argument_group("settings")
    for option in OPTIONS:
        text = f"{option.help} (default: {option.shown_default}) [{option.environment}]"
        if option.kind is SWITCH:
            group.add_argument(option.flag, action=argparse.BooleanOptionalAction, help=text)
        else:
            group.add_argument(option.flag, metavar=option.kind.metavar, help=text)
    return options
