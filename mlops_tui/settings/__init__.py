"""Loads the settings: flag > environment > config file > default."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mlops_tui.domain.store import Store
from mlops_tui.domain.terminal_notice import Protocol
from mlops_tui.settings.config_file import SettingsError, config_path, read_config, with_tilde
from mlops_tui.settings.kinds import ADDRESS, COMMAND, SWITCH
from mlops_tui.settings.options import (
    DEFAULT_THEME,
    NOTIFY_COMMAND,
    OPTIONS,
    Option,
    settings_table,
)

__all__ = [
    "COMMAND",
    "DEFAULT_THEME",
    "OPTIONS",
    "SWITCH",
    "Settings",
    "SettingsError",
    "config_path",
    "hand_on",
    "load",
    "settings_table",
]


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of all settings; ``sources`` holds where each came from, by name."""

    tracking_uri: str
    registry_uri: str
    """Empty when models are registered in the tracking store."""
    artifact_root: str
    """Empty if not set; only a database that several hosts share needs it."""
    read_only: bool
    theme: str
    state_dir: Path
    python: str
    """The Python that runs jobs; empty to look for the active environment's."""
    refresh_interval: float
    """Seconds."""
    stale_after: float
    """Seconds of silence after which a RUNNING run is presumed dead."""
    notify_bell: bool
    notify_desktop: Protocol
    notify_command: str
    """Empty for none, else words as a shell would split them."""
    sources: Mapping[str, str]

    @property
    def store(self) -> Store:
        """The MLflow store that both URIs mean."""
        same = self.registry_uri == self.tracking_uri
        return Store(self.tracking_uri, "" if same else self.registry_uri, self.artifact_root)


def load(flags: Mapping[str, object], environ: Mapping[str, str], cwd: Path) -> Settings:
    """Return the settings; ``flags`` holds those given on the command line, by name.

    An empty text counts as not set. Relative paths and URIs are resolved against ``cwd``, since
    child processes have another working directory.
    """
    config, servers = read_config(environ, cwd)
    in_config = f"config file {with_tilde(config_path(environ, cwd))}"
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    for option in OPTIONS:
        given = {
            f"flag {option.flag}": flags.get(option.name),
            f"environment {option.environment}": environ.get(option.environment),
            in_config: config.get(option.name),
        }
        source = next((place for place in given if given[place] not in (None, "")), "default")
        value = given.get(source)
        if option.kind is ADDRESS and isinstance(value, str) and value in servers:
            source, value = f"{source}, server {value} of the {in_config}", servers[value]
        sources[option.name] = source
        values[option.name] = (
            option.default(cwd) if source == "default" else _read(option, value, cwd, source)
        )
    return Settings(**values, sources=sources)


def hand_on(settings: Settings, environ: MutableMapping[str, str]) -> None:
    """Put ``notify_command`` into the environment, where supervisors of jobs read it."""
    if settings.notify_command:
        environ[NOTIFY_COMMAND] = settings.notify_command


def _read(option: Option, value: object, cwd: Path, source: str) -> object:
    """Parse a value; the error message omits it, since it may be a secret."""
    try:
        return option.kind.read(value, cwd)
    except ValueError:
        message = f"{option.name} ({source}) must be {option.kind.expected}."
        raise SettingsError(message) from None
