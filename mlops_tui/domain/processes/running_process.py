"""A process that somebody started elsewhere, and may want to watch from here."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath

from mlops_tui.domain.secrets import HIDDEN, looks_secret, without_named

PYTHON = re.compile(r"(?:i?python|pypy|torchrun|accelerate|deepspeed|horovodrun)[\d.]*[a-z]?")
"""Names of the programs by which Python is trained with."""
SERVICES = frozenset(
    {
        *("asyncio", "celery", "daphne", "debugpy", "django", "fastapi"),
        *("flask", "gunicorn", "http", "hypercorn", "ipykernel", "ipykernel_launcher"),
        *("ipython", "jupyter", "jupyter_lab", "jupyter_notebook", "jupyter_server", "jupyterlab"),
        *("manage", "mlflow", "notebook", "pip", "pylsp", "pyright"),
        *("streamlit", "supervisord", "tensorboard", "uvicorn", "venv", "voila"),
        *("waitress",),
    }
)
"""Programs and modules that people keep running beside their training."""
OPTION = re.compile(r"--?[A-Za-z]|--[A-Za-z][\w.-]*")
"""The name of an option; ``-x9f…`` behind the name of a secret is one that begins with a dash."""
WORKER = "multiprocessing."
"""In the command of a process that another Python process started to share its work."""


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """One process of the person's."""

    pid: int
    since: float
    """Its start, as a record keeps it against reused pids."""
    started_at: int
    """In milliseconds since the epoch."""
    command: tuple[str, ...]
    """Without secrets."""
    memory: int
    """In bytes; what it shares with others counts."""

    @property
    def title(self) -> str:
        """What it is called in a list."""
        return title_of(self.command)


def looks_like_training(command: Sequence[str]) -> bool:
    """Return whether the command runs Python for something of its own."""
    if not command or PYTHON.fullmatch(PurePath(command[0]).name) is None:
        return False
    return len(command) > 1 and not any(WORKER in word for word in command[1:])


def is_service(command: Sequence[str]) -> bool:
    """Return whether the command runs something that serves or watches, and trains nothing."""
    words = (title_of(command), *command[1:2])
    names = (PurePath(word).name.replace("-", "_").lower() for word in words)
    return any(name.partition(".")[0] in SERVICES for name in names)


def title_of(command: Sequence[str]) -> str:
    """Return the script's name, or the module's, else the program's."""
    return _taken_apart(command)[0]


def arguments_of(command: Sequence[str]) -> tuple[str, ...]:
    """Return what the script, the module or the program was given."""
    return _taken_apart(command)[1]


def _taken_apart(command: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    for place, (word, following) in enumerate(pairwise([*command[1:], ""]), start=1):
        if word == "-m" and following:
            return following, tuple(command[place + 2 :])
        if word.endswith(".py"):
            return PurePath(word).name, tuple(command[place + 1 :])
    return PurePath(command[0]).name if command else "", tuple(command[1:])


def without_secrets(command: Sequence[str]) -> tuple[str, ...]:
    """Return the command with the values of options hidden whose names speak of secrets."""
    return tuple(_hidden(command))


def _hidden(command: Sequence[str]) -> Iterator[str]:
    follows = several = False
    for word in command:
        name, _, value = word.partition("=")
        is_option = OPTION.fullmatch(name) is not None
        if follows and not is_option:
            yield HIDDEN
        elif value and looks_secret(name):
            yield f"{name}={HIDDEN}"
        else:
            yield without_named(word)
        if is_option or word.endswith((":", "=")):
            follows = not value and looks_secret(name.rstrip(":"))
            several = name.endswith(("s", "auth"))
        else:
            follows = follows and several
