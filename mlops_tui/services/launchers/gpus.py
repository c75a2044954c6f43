"""Finds the GPUs that jobs may use."""

import os
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from mlops_tui.services.files.small_files import read_json, write_json
from mlops_tui.services.processes import process_identity
from mlops_tui.services.processes.brief_command import answer_of

VISIBLE = "CUDA_VISIBLE_DEVICES"
ORDER = "CUDA_DEVICE_ORDER"
BY_BUS = "PCI_BUS_ID"
"""The order in which ``nvidia-smi`` counts; CUDA itself puts the fastest first."""
FILE = "gpus.json"
FRESH = 600
"""Seconds for which an answer of ``nvidia-smi`` holds: it can take that many tenths."""
TIMEOUT = 20
"""Seconds after which ``nvidia-smi`` is given up."""
QUERY = ("--query-gpu=index", "--format=csv,noheader")
MOST = 64
LONGEST = 100
"""Characters of the name of a GPU: a UUID has 40."""


def usable_gpus(state_dir: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return the GPUs of this machine, or those which the environment is limited to."""
    limit = environ.get(VISIBLE)
    return _machine_gpus(state_dir, environ) if limit is None else gpus_named(limit)


def gpus_named(text: str) -> tuple[str, ...]:
    """Return the GPUs of a ``CUDA_VISIBLE_DEVICES``; as for CUDA, -1 ends the list."""
    found: list[str] = []
    for each in map(str.strip, text.split(",")[:MOST]):
        is_name = each.replace("-", "").replace("/", "").isalnum() and len(each) <= LONGEST
        if not is_name or each.startswith("-"):
            break
        found.append(each)
    return tuple(found)


def cuda_env(visible: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables by which a process in this environment sees these GPUs alone."""
    if not visible:
        return {}
    is_counted_by_bus = VISIBLE not in environ and ORDER not in environ
    return {VISIBLE: ",".join(visible)} | ({ORDER: BY_BUS} if is_counted_by_bus else {})


def usual_slots(gpus: tuple[str, ...]) -> int:
    """Return how many jobs run at once if nobody wants another number."""
    return len(gpus) or max(2, _cores() // 2)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _machine_gpus(state_dir: Path, environ: Mapping[str, str]) -> tuple[str, ...]:
    from shutil import which

    program = which("nvidia-smi", path=environ.get("PATH"))
    if program is None:
        return ()
    known = _cached(state_dir / FILE, program)
    before = gpus_named(str(known.get("gpus", "")))
    asked_at = known.get("asked_at")
    if isinstance(asked_at, int) and 0 <= time.time() - asked_at < FRESH:
        return before
    # One that hangs or fails says nothing about GPUs that were there since the machine started.
    found = _query(program, environ) or before
    data = {"gpus": ",".join(found), "asked_at": int(time.time()), "program": program}
    # What cannot be kept is asked for again.
    with suppress(OSError):
        if state_dir.is_dir():
            write_json(state_dir / FILE, {**data, "boot_id": process_identity.boot_id()})
    return found


def _cached(path: Path, program: str) -> dict[str, object]:
    """Return what this program has answered since the machine was started."""
    with suppress(OSError):
        known = read_json(path)
        if known.get("boot_id") == process_identity.boot_id() and known.get("program") == program:
            return known
    return {}


def _query(program: str, environ: Mapping[str, str]) -> tuple[str, ...]:
    import subprocess

    try:
        done = answer_of([program, *QUERY], limit=TIMEOUT, environ=environ)
    except (OSError, subprocess.SubprocessError):
        return ()
    if done.returncode:
        return ()
    # One without GPUs says so in a sentence.
    return gpus_named(",".join(filter(str.isdecimal, done.stdout.split())))
