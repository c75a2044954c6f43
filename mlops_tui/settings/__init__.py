"""Loads the settings: flag > environment > config file > default."""

from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mlops_tui.domain.place import Place
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
    "ADDRESS",
    "COMMAND",
    "DEFAULT_THEME",
    "OPTIONS",
    "SWITCH",
    "Settings",
    "SettingsError",
    "config_path",
    "hand_on",
    "load",
    "on_store",
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
    first_screen: Place | None
    """None for the one that what was done before makes the likeliest."""
    state_dir: Path
    python: str
    """The Python that runs jobs; empty to look for the active environment's."""
    refresh_interval: float
    """Seconds."""
    stale_after: float
    """Seconds of silence after which a RUNNING run is presumed dead."""
    query_history: bool
    notify_bell: bool
    notify_desktop: Protocol
    notify_command: str
    """Empty for none, else words as a shell would split them."""
    sources: Mapping[str, str]
    servers: Mapping[str, Store] = field(default_factory=dict)
    """The named stores of the config file."""
    opened: Store | None = None
    """The store that is open, where both URIs do not say all of it: its name, or a tunnel."""

    @property
    def store(self) -> Store:
        """The MLflow store that is open, else the one that both URIs mean."""
        if self.opened:
            return self.opened
        same = self.registry_uri == self.tracking_uri
        return Store(self.tracking_uri, "" if same else self.registry_uri, self.artifact_root)


def load(flags: Mapping[str, object], environ: Mapping[str, str], cwd: Path) -> Settings:
    """Return the settings; ``flags`` holds those given on the command line, by name.

    An empty text counts as not set. Relative paths and URIs are resolved against ``cwd``, since
    child processes have another working directory.
    """
    config, written = read_config(environ, cwd)
    servers = {name: _resolved(store, cwd) for name, store in written.items()}
    in_config = f"config file {with_tilde(config_path(environ, cwd))}"
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    chosen: dict[str, Store] = {}
    for option in OPTIONS:
        given = {
            f"flag {option.flag}": flags.get(option.name),
            f"environment {option.environment}": environ.get(option.environment),
            in_config: config.get(option.name),
        }
        source = next((place for place in given if given[place] not in (None, "")), "default")
        value = given.get(source)
        if option.kind is ADDRESS and isinstance(value, str) and value in servers:
            chosen[option.name] = servers[value]
            source = f"{source}, server {value} of the {in_config}"
            value = servers[value].tracking_uri
        sources[option.name] = source
        values[option.name] = (
            option.default(cwd) if source == "default" else _read(option, value, cwd, source)
        )
    settings = Settings(**values, sources=sources, servers=servers)
    return replace(settings, opened=_named(settings.store, chosen))


def _resolved(store: Store, cwd: Path) -> Store:
    """Return a named store whose addresses mean the same in every folder."""
    try:
        uri = ADDRESS.read(store.tracking_uri, cwd)
        root = ADDRESS.read(store.artifact_root, cwd) if store.artifact_root else ""
    except ValueError:
        raise SettingsError(f"The address of server {store.name} is no URI.") from None
    return replace(store, tracking_uri=uri, artifact_root=root)


def _named(store: Store, chosen: Mapping[str, Store]) -> Store | None:
    """Return the store with what the config file says of it, None where it says nothing."""
    if any(each.ssh for name, each in chosen.items() if name != "tracking_uri"):
        raise SettingsError(
            "A server with ssh can only be the tracking URI.", "Write the registry's own URI."
        )
    named = chosen.get("tracking_uri")
    if named is None:
        return None
    root = named.artifact_root or store.artifact_root
    return replace(store, artifact_root=root, name=named.name, ssh=named.ssh)


def on_store(settings: Settings, store: Store) -> Settings:
    """Return the settings with another store."""
    return replace(
        settings,
        tracking_uri=store.tracking_uri,
        registry_uri=store.registry_uri,
        artifact_root=store.artifact_root,
        opened=store,
    )


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
