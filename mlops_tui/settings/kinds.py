"""The types of settings."""

import os
import shlex
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.place import Place
from mlops_tui.domain.store import quoted_path
from mlops_tui.domain.terminal_notice import Protocol

SHORTEST_INTERVAL = 0.1
"""Seconds; a shorter interval would only keep the store busy."""

SWITCHES = {
    **dict.fromkeys(("true", "yes", "on", "1"), True),
    **dict.fromkeys(("false", "no", "off", "0"), False),
}
"""The words for true and false in environment variables."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of setting; ``read`` raises ``ValueError`` for what it does not expect.

    It takes the value as it was given (text; from the config file any TOML value) with the
    working directory.
    """

    metavar: str
    expected: str
    read: Callable[[object, Path], Any]


def _text(value: object, _cwd: Path) -> str:
    if not isinstance(value, str):
        raise ValueError  # noqa: TRY004 - a reader's one way to refuse
    return value


def _address(value: object, cwd: Path) -> str:
    """Make a relative SQLite or file URI, or a path, absolute; leave other URIs alone."""
    uri = _text(value, cwd)
    urlsplit(uri)  # refuses what no one can take apart
    scheme, _, path = uri.partition(":")
    if scheme.partition("+")[0] == "sqlite" and path.startswith("///"):
        file = path.removeprefix("///")
        if file and not file.startswith(("/", ":memory:", "file:")):
            return f"{scheme}:///{quoted_path(cwd)}/{file.removeprefix('./')}"
    elif scheme == "file" and path and not path.startswith("/"):
        return f"file://{quote(str(cwd))}/{path.removeprefix('./')}"
    elif uri.startswith((".", "~", "/")) or (cwd / uri).is_dir():
        return os.path.normpath(cwd / expanded(uri))
    return uri


def _directory(value: object, cwd: Path) -> Path:
    return Path(os.path.normpath(cwd / expanded(_text(value, cwd))))


def _program(value: object, cwd: Path) -> str:
    """Make a path absolute; leave a bare name, which is looked up on PATH."""
    program = _text(value, cwd)
    return os.path.normpath(cwd / expanded(program)) if os.sep in program else program


def _switch(value: object, cwd: Path) -> bool:
    if isinstance(value, bool):
        return value
    word = _text(value, cwd).lower()
    if word not in SWITCHES:
        raise ValueError
    return SWITCHES[word]


def _seconds(value: object, _cwd: Path) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError  # noqa: TRY004 - a reader's one way to refuse
    seconds = float(value)
    if not isfinite(seconds) or seconds < SHORTEST_INTERVAL:
        raise ValueError
    return seconds


def _place(value: object, cwd: Path) -> Place:
    return Place(_text(value, cwd).lower())


def _protocol(value: object, cwd: Path) -> Protocol:
    if value is False:
        return Protocol.OFF
    return Protocol(_text(value, cwd).lower())


def _command(value: object, cwd: Path) -> str:
    """Make the path of the program absolute; no shell will read the words."""
    program, *words = shlex.split(_text(value, cwd))
    return shlex.join([_program(program, cwd), *words])


ADDRESS = Kind("URI", "a URI, a path, or a name from [servers] of the config file", _address)
COMMAND = Kind("COMMAND", "a program with its arguments, quoted as for a shell", _command)
DIRECTORY = Kind("DIR", "the path of a directory", _directory)
PLACE = Kind("SCREEN", f"one of {', '.join(Place)}", _place)
PROGRAM = Kind("PYTHON", "the path or name of a program", _program)
PROTOCOL = Kind("PROTOCOL", f"one of {', '.join(Protocol)}", _protocol)
SECONDS = Kind("SECONDS", f"a number of seconds, at least {SHORTEST_INTERVAL}", _seconds)
SWITCH = Kind("", "true or false", _switch)
TEXT = Kind("NAME", "text", _text)
