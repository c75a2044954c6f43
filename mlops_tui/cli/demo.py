"""``mlops-tui demo``: opens the interface on a demo directory."""

import os
import shlex
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from mlops_tui.cli import interface
from mlops_tui.cli.output import tell
from mlops_tui.cli.sub_command import Commands
from mlops_tui.domain.home_path import expanded
from mlops_tui.settings import Settings, SettingsError, load


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    about = "open the interface on a demo directory, created if it does not exist"
    parser = commands.add_parser("demo", help=about, description=about, **common)
    parser.add_argument("directory", metavar="DIR", type=Path, help="the demo directory")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Open the interface there."""
    return interface.run_app(_enter(settings, arguments))


def _enter(settings: Settings, flags: Mapping[str, Any]) -> Settings:
    """Change to the directory; use its own store and state unless flags name others."""
    directory = expanded(flags["directory"]).absolute()
    try:
        is_made = not directory.exists()
        directory.mkdir(exist_ok=True)
        os.chdir(directory)
    except FileNotFoundError:
        raise SettingsError(
            f"The demo directory cannot be created: {directory.parent} does not exist. "
            f"Create it first: mkdir -p {shlex.quote(str(directory.parent))}"
        ) from None
    except OSError as error:
        raise SettingsError(f"{directory} cannot be used: {error.strerror}.") from None
    if is_made:
        tell(f"Created the directory {directory}.")
    own = load({"tracking_uri": "sqlite:///mlflow.db", "state_dir": "state"}, {}, directory)
    changed: dict[str, Any] = {}
    if "tracking_uri" not in flags:
        changed |= {"tracking_uri": own.tracking_uri, "opened": None}
    if "registry_uri" not in flags:
        changed["registry_uri"] = ""
    if "state_dir" not in flags:
        changed["state_dir"] = own.state_dir
    if not settings.python:
        changed["python"] = sys.executable
    sources = {**settings.sources, **dict.fromkeys(changed.keys() & settings.sources, "demo")}
    return replace(settings, **changed, sources=sources)
