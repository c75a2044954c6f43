"""The process that makes a run, as far as the run tells."""

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.domain.processes.running_process import RunningProcess
from mlops_tui.domain.runs.run import Run

SOURCE_TAG = "mlflow.source.name"
HOST_TAGS = frozenset({"host", "hostname", "host_name", "node", "nodename"})
PID_TAGS = frozenset({"pid", "process_id"})
"""How the last parts of the names of tags read in which people keep where a run is made."""
PID = re.compile(r"[1-9]\d{0,9}")


@dataclass(frozen=True, slots=True)
class RunProcess:
    """What is known of the process that makes a run."""

    run: Run
    job: ProcessRecord | None = None
    """The job that is listed for it already."""
    certain: RunningProcess | None = None
    """The process that the run names, or that names the run."""
    guesses: tuple[RunningProcess, ...] = ()
    """Those that may be it, where none is certain."""
    why_not: str = ""
    """Why there is neither."""


def named_host(tags: Mapping[str, str]) -> str:
    """Return the machine that the tags name, empty when they do not."""
    return _value(tags, HOST_TAGS)


def named_pid(tags: Mapping[str, str]) -> int | None:
    """Return the pid that the tags name."""
    text = _value(tags, PID_TAGS).strip()
    return int(text) if PID.fullmatch(text) else None


def is_same_host(named: str, own: str) -> bool:
    """Return whether both names mean one machine; either may be without its domain."""
    first, second = named.strip().lower(), own.strip().lower()
    is_short = "." not in first or "." not in second
    return first == second or (is_short and first.split(".")[0] == second.split(".")[0])


def runs_source(command: Sequence[str], cwd: str, source: str) -> bool:
    """Return whether the command runs what MLflow wrote down as the source of a run."""
    if not source:
        return False
    wanted = PurePath(os.path.normpath(PurePath(cwd, source)))
    for word, following in pairwise([*command[1:], ""]):
        if word == "-m" and following and _is_module(wanted, following):
            return True
        if not word.startswith("-") and PurePath(os.path.normpath(PurePath(cwd, word))) == wanted:
            return True
    return False


def _is_module(path: PurePath, module: str) -> bool:
    parts = tuple(module.split("."))
    own = path.with_suffix("").parts
    return own[-len(parts) :] == parts or own[-len(parts) - 1 :] == (*parts, "__main__")


def _value(tags: Mapping[str, str], names: frozenset[str]) -> str:
    """Return the value of the first tag whose name, or its last part, is one of the names."""
    found = (tags[tag] for tag in sorted(tags) if re.split(r"[./:]", tag.lower())[-1] in names)
    return next(found, "")
