"""The login that MLflow's client sends to a server, described without its secret."""

import os
import sys
from configparser import ConfigParser, Error
from urllib.parse import unquote, urlsplit

from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.stores.login import LOGIN_VARIABLES, PASSWORD, PLUGIN, TOKEN, USER, Login

HINT = f"Set {USER} with {PASSWORD}, or {TOKEN}."


def use(login: Login) -> None:
    """Let this process and its children send this login, and no other of the environment."""
    for name in LOGIN_VARIABLES:
        os.environ.pop(name, None)
    os.environ.update(login.variables)
    # What libraries print in the service process goes to its log.
    for stream in (sys.stdout, sys.stderr):
        if hide := getattr(stream, "hide", None):
            hide(login.secrets)


def login_name() -> str:
    """Return the name that a server was told, or what stands for it; empty for no login.

    MLflow keeps the address of the store that is open in the environment; a login in it goes first.
    Some servers take a token as user name, alone or with itself as password: it is no name.
    """
    try:
        address = urlsplit(os.environ.get("MLFLOW_TRACKING_URI", ""))
    except ValueError:
        address = urlsplit("")
    if address.username:
        return _public(unquote(address.username), unquote(address.password or ""))
    name, password = _login()
    if name and password:
        return _public(name, password)
    variable = next((each for each in (TOKEN, PLUGIN) if os.environ.get(each)), "")
    return f"the holder of {variable}" if variable else ""


def _public(name: str, password: str) -> str:
    return name if password and name != password else "the holder of a token"


def login_problem() -> str:
    """Return what is missing of a login, as a way out."""
    name, password = _login()
    if bool(name) == bool(password):
        return HINT
    given, missing = (USER, PASSWORD) if name else (PASSWORD, USER)
    return f"{given} is set, {missing} is not."


def _login() -> tuple[str, str]:
    """Return name and password of the environment, else of the file that MLflow reads."""
    written = ConfigParser(interpolation=None)
    try:
        written.read(expanded("~/.mlflow/credentials"))
    except (Error, OSError, UnicodeDecodeError):
        written.clear()
    name, password = (
        os.environ.get(each) or written.get("mlflow", each.lower(), fallback="") or ""
        for each in (USER, PASSWORD)
    )
    return name, password
