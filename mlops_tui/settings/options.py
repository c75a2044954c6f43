"""The table of settings: source of flags, help, README and the doctor's report."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_tui.domain.place import Place
from mlops_tui.domain.store import sqlite_uri
from mlops_tui.domain.terminal_notice import Protocol
from mlops_tui.settings.kinds import (
    ADDRESS,
    COMMAND,
    DIRECTORY,
    PLACE,
    PROGRAM,
    PROTOCOL,
    SECONDS,
    SWITCH,
    TEXT,
    Kind,
)

APP_NAME = "mlops-tui"

DEFAULT_THEME = "textual-dark"

NOTIFY_COMMAND = "MLOPS_TUI_NOTIFY_COMMAND"
"""The environment variable with the command that a supervisor runs at the end of its job."""


@dataclass(frozen=True, slots=True)
class Option:
    """One setting."""

    name: str
    """Its key in the config file."""
    environment: str
    kind: Kind
    help: str
    default: Callable[[Path], Any]
    """Takes the working directory."""
    shown_default: str

    @property
    def flag(self) -> str:
        """Its flag on the command line."""
        return "--" + self.name.replace("_", "-")


def settings_table() -> str:
    """Return the settings as a Markdown table."""
    rows = [
        ("Flag", "Environment", "Config file", "Default", "What it sets"),
        ("---",) * 5,
        *(
            (f"`{o.flag}`", f"`{o.environment}`", f"`{o.name}`", o.shown_default, o.help)
            for o in OPTIONS
        ),
    ]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _mlflow_default(cwd: Path) -> str:
    """Return MLflow's default URI in the directory, without importing MLflow."""
    runs = cwd / "mlruns"
    try:
        holds_experiments = any(
            entry.name.isdigit() and entry.is_dir() and os.path.lexists(entry / "meta.yaml")
            for entry in runs.iterdir()
        )
    except OSError:
        holds_experiments = False
    return runs.as_uri() if holds_experiments else sqlite_uri(cwd / "mlflow.db")


def _platforms_state_dir(_cwd: Path) -> Path:
    from platformdirs import user_state_dir  # noqa: PLC0415 - --version does not need it

    return Path(user_state_dir(APP_NAME))


OPTIONS = (
    Option(
        "tracking_uri",
        "MLFLOW_TRACKING_URI",
        ADDRESS,
        "the MLflow store: a URI, or a server named in the config file",
        _mlflow_default,
        "mlflow.db in the working directory, as in MLflow",
    ),
    Option(
        "registry_uri",
        "MLFLOW_REGISTRY_URI",
        ADDRESS,
        "the model registry, if it is not in the tracking store",
        lambda _cwd: "",
        "the tracking store",
    ),
    Option(
        "artifact_root",
        "MLOPS_TUI_ARTIFACT_ROOT",
        ADDRESS,
        "the artifact location of new experiments in a PostgreSQL or MySQL store: a folder or URI "
        "that everyone who uses the database can reach",
        lambda _cwd: "",
        "none: experiments cannot be created there",
    ),
    Option(
        "read_only",
        "MLOPS_TUI_READ_ONLY",
        SWITCH,
        "disable everything that changes data",
        lambda _cwd: False,
        "no",
    ),
    Option(
        "theme",
        "MLOPS_TUI_THEME",
        TEXT,
        "colour theme: one of Textual's themes",
        lambda _cwd: DEFAULT_THEME,
        DEFAULT_THEME,
    ),
    Option(
        "first_screen",
        "MLOPS_TUI_FIRST_SCREEN",
        PLACE,
        f"the screen that opens first: {', '.join(Place)}",
        lambda _cwd: None,
        "loop once a model was served or monitored from here, else experiments",
    ),
    Option(
        "state_dir",
        "MLOPS_TUI_STATE_DIR",
        DIRECTORY,
        "folder for the records and logs of jobs and servers",
        _platforms_state_dir,
        "~/.local/state/mlops-tui on Linux",
    ),
    Option(
        "python",
        "MLOPS_TUI_PYTHON",
        PROGRAM,
        "the Python that runs jobs and serves models",
        lambda _cwd: "",
        "that of the active virtual or conda environment, else that of mlops-tui",
    ),
    Option(
        "refresh_interval",
        "MLOPS_TUI_REFRESH_INTERVAL",
        SECONDS,
        "seconds between two updates of the screen",
        lambda _cwd: 1.5,
        "1.5",
    ),
    Option(
        "stale_after",
        "MLOPS_TUI_STALE_AFTER",
        SECONDS,
        "seconds without a new metric or log line after which a RUNNING run is shown as dead",
        lambda _cwd: 600.0,
        "600",
    ),
    Option(
        "query_history",
        "MLOPS_TUI_QUERY_HISTORY",
        SWITCH,
        "keep the requests that are sent to models, with their answers, in the state directory",
        lambda _cwd: True,
        "yes",
    ),
    Option(
        "notify_bell",
        "MLOPS_TUI_NOTIFY_BELL",
        SWITCH,
        "ring the terminal's bell when a job ends",
        lambda _cwd: True,
        "yes",
    ),
    Option(
        "notify_desktop",
        "MLOPS_TUI_NOTIFY_DESKTOP",
        PROTOCOL,
        "desktop notification when a job ends: osc9 (iTerm2, kitty, WezTerm, Ghostty), osc777 "
        "(rxvt-unicode, foot, Konsole) or off; in tmux it needs allow-passthrough on (from 3.4 "
        "all, for hidden windows)",
        lambda _cwd: Protocol.OFF,
        "off",
    ),
    Option(
        "notify_command",
        NOTIFY_COMMAND,
        COMMAND,
        "command to run when a job ends, even if the interface is closed; it gets the variables "
        "MLOPS_TUI_JOB_ID, _TITLE, _STATE, _EXIT_CODE, _REASON",
        lambda _cwd: "",
        "none",
    ),
)
