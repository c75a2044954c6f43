"""Reads the config file: TOML with the names of the settings as keys."""

from collections.abc import Mapping
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.store import Store
from mlops_tui.settings.options import APP_NAME, OPTIONS

CONFIG_VARIABLE = "MLOPS_TUI_CONFIG"
"""The environment variable that names another file."""


SERVER_KEYS = ("uri", "ssh", "artifact_root")
"""The keys of a server that is a table."""


class SettingsError(ServiceError):
    """A setting is not valid: says where it was set and what it must be."""


def config_path(environ: Mapping[str, str], cwd: Path) -> Path:
    """Return the path of the config file, whether it exists or not."""
    if named := environ.get(CONFIG_VARIABLE):
        return cwd / expanded(named)
    from platformdirs import user_config_dir  # noqa: PLC0415 - --version does not need it

    return Path(user_config_dir(APP_NAME)) / "config.toml"


def read_config(
    environ: Mapping[str, str], cwd: Path
) -> tuple[dict[str, object], dict[str, Store]]:
    """Return the settings and the named servers of the file; both empty without a file.

    A file named by the environment has to exist.
    """
    path = config_path(environ, cwd)
    shown = f"The config file {with_tilde(path)}"
    config = _parse(path, shown, required=bool(environ.get(CONFIG_VARIABLE)))
    servers = _servers(config.pop("servers", {}), shown)
    known = [option.name for option in OPTIONS]
    for key in config:
        if key not in known:
            expected = ", ".join([*known, "[servers]"])
            message = f"{shown}: unknown key {one_line(key)}."
            raise SettingsError(message, f"Valid keys are {expected}.")
    return config, servers


def _servers(written: object, shown: str) -> dict[str, Store]:
    if not isinstance(written, dict):
        raise SettingsError(f'{shown}: [servers] expects lines of the form name = "URI".')
    return {name: _server(name, each, shown) for name, each in written.items()}


def _server(name: str, written: object, shown: str) -> Store:
    """Return a named store: a URI, or a table with one."""
    table = {"uri": written} if isinstance(written, str) else written
    where = f"{shown}: server {one_line(name, 100)}"
    if not isinstance(table, dict) or not all(isinstance(each, str) for each in table.values()):
        raise SettingsError(
            f'{shown}: [servers] expects lines of the form name = "URI".',
            f"{one_line(name, 100)} is neither that nor a table of {', '.join(SERVER_KEYS)}.",
        )
    if unknown := [key for key in table if key not in SERVER_KEYS]:
        raise SettingsError(
            f"{where} has the unknown key {one_line(unknown[0], 100)}.",
            f"Valid keys are {', '.join(SERVER_KEYS)}.",
        )
    if not table.get("uri"):
        raise SettingsError(f"{where} has no uri.", 'Write uri = "http://HOST:PORT" below it.')
    store = Store(
        table["uri"],
        artifact_root=table.get("artifact_root", ""),
        name=name,
        ssh=table.get("ssh", ""),
    )
    if store.ssh:
        from mlops_tui.domain.stores.tunnel import tunnel_problem  # noqa: PLC0415 - rarely needed

        if problem := tunnel_problem(store):
            raise SettingsError(f"{where}: {problem.message}", problem.hint)
    return store


def with_tilde(path: Path) -> str:
    """Return the path with ``~`` for the home directory."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _parse(path: Path, shown: str, *, required: bool) -> dict[str, object]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not required:
            return {}
        raise SettingsError(f"{shown} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{shown} is not UTF-8 text.") from None
    if not text.strip():
        return {}
    import tomllib  # noqa: PLC0415 - without a text the interface opens sooner

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{shown} is not valid TOML: {error}.") from None
