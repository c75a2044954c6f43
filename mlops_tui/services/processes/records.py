"""Reads and writes the record of a detached process."""

import json
import os
import re
import shutil
import time
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TypeVar

from mlops_tui.domain.errors import NotFound, ServiceError
from mlops_tui.domain.processes.process import (
    HERE,
    ProcessKind,
    ProcessRecord,
    ProcessState,
    Settlement,
)
from mlops_tui.services.files import small_files, state_directory

T = TypeVar("T")

NAME, PLAN = "record.json", "plan.json"
ID = re.compile(r"\d{8}-\d{6}-[0-9a-f]{4,12}")
MAX_BYTES = 1_000_000
"""A record is a few kilobytes; more is not one of ours."""
UNREADABLE = "Its record cannot be read."


def new_id() -> str:
    """Return an id that sorts by time; a thousand made in the same second differ."""
    import secrets

    return f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(6)}"


def now() -> int:
    """Return the time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def directory(state_dir: Path, kind: ProcessKind, process_id: str) -> Path:
    """Return the folder of a process that exists."""
    folder = state_dir / kind / process_id
    if not ID.fullmatch(process_id) or not os.path.lexists(folder / NAME):
        raise NotFound(f"There is no process {process_id!r} among the {kind.value}.")
    return folder


def create(state_dir: Path, record: ProcessRecord, plan: str = "") -> Path:
    """Make the folder of a new process with its record; only its owner may look inside.

    A plan is written beside the record. Raise ``ServiceError`` when that is not possible; nothing
    is left behind then.
    """
    folder = state_dir / record.kind / record.process_id
    state_directory.make(state_dir)
    try:
        folder.parent.mkdir(mode=0o700, exist_ok=True)
        folder.mkdir(mode=0o700)
        _fill(folder, record, plan)
    except OSError as error:
        raise not_started(record, error) from error
    return folder


def _fill(folder: Path, record: ProcessRecord, plan: str) -> None:
    try:
        if plan:
            small_files.write(folder / PLAN, plan.encode())
        write(folder, record)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def not_started(record: ProcessRecord, error: OSError) -> ServiceError:
    """Return the failure of a start whose record could not be written."""
    return ServiceError(
        f"{record.title} was not started: its record cannot be written: {error.strerror}.",
        "Make room for it, or choose another place with --state-dir.",
    )


def write(folder: Path, record: ProcessRecord) -> None:
    """Replace the record at once, so that no reader sees half of it. Raise ``OSError``."""
    text = json.dumps(asdict(record), indent=1).encode()
    try:
        small_files.write(folder / NAME, text)
    except OSError as error:
        if error.errno not in small_files.FULL:
            raise
        try:
            small_files.overwrite(folder / NAME, text)
        except OSError:
            raise error from None


def is_removed(folder: Path) -> bool:
    """Return whether the record is gone for good; a file system that is away may come back."""
    try:
        folder.stat()
        return not _is_there(folder / NAME)
    except FileNotFoundError:
        with suppress(OSError):
            folder.parent.stat()
            return True
        with suppress(OSError):
            # Where it is our working directory, that tells.
            return Path().stat().st_nlink == 0
    except OSError:
        pass
    return False


def _is_there(path: Path) -> bool:
    try:
        path.lstat()
    except FileNotFoundError:
        return False
    return True


def read(folder: Path) -> ProcessRecord | None:
    """Return the record, LOST when it makes no sense, None when there is none."""
    kind, process_id = ProcessKind(folder.parent.name), folder.name
    data: object = None
    reason = UNREADABLE
    try:
        data = json.loads(small_files.read_bytes(folder / NAME, MAX_BYTES))
        return _parsed(kind, process_id, data)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        reason = f"{UNREADABLE.removesuffix('.')}: {error.strerror}."
    except (ValueError, TypeError, KeyError, RecursionError):
        pass
    return _unreadable(kind, process_id, folder, reason, data)


def read_existing(folder: Path) -> ProcessRecord:
    """Return the record, LOST when it makes no sense. Raise ``NotFound`` when there is none."""
    record = read(folder)
    if record is None:
        raise NotFound(f"There is no process {folder.name!r} any more.")
    return record


def read_all(
    state_dir: Path, kind: ProcessKind, *, without: Container[str] = ()
) -> Iterator[ProcessRecord]:
    """Return the records of a kind, in no order; of those ``without`` nothing is read."""
    try:
        folders = list((state_dir / kind).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise ServiceError(f"{state_dir / kind} cannot be read: {error.strerror}.") from error
    for folder in folders:
        is_wanted = folder.name not in without and ID.fullmatch(folder.name)
        record = read(folder) if is_wanted else None
        if record:
            yield record


def _unreadable(
    kind: ProcessKind, process_id: str, folder: Path, reason: str, data: object
) -> ProcessRecord:
    """Return what stands for a record that makes no sense, with where it was written if it says."""
    created = 0
    with suppress(OSError):
        created = folder.stat().st_mtime_ns // 1_000_000
    found = data if isinstance(data, dict) else {}

    def text(name: str) -> str:
        value = found.get(name)
        return value if isinstance(value, str) else ""

    return ProcessRecord(
        process_id,
        kind,
        process_id,
        (),
        "",
        (),
        "",
        created,
        ProcessState.LOST,
        reason=reason,
        boot_id=text("boot_id"),
        host=text("host"),
        pid_namespace=text("pid_namespace"),
    )


def _parsed(kind: ProcessKind, process_id: str, data: object) -> ProcessRecord:
    if not isinstance(data, dict) or not isinstance(details := data["details"], dict):
        raise TypeError
    return ProcessRecord(
        process_id=process_id,
        kind=kind,
        title=_text(data["title"]),
        command=_texts(data["command"]),
        cwd=_text(data["cwd"]),
        environment=_texts(data["environment"]),
        store=_text(data["store"]),
        created_at=_whole(data["created_at"]),
        state=ProcessState(_text(data["state"])),
        started_at=_optional(_whole, data.get("started_at")),
        ended_at=_optional(_whole, data.get("ended_at")),
        suspended=_whole(data.get("suspended", 0)),
        exit_code=_optional(_code, data.get("exit_code")),
        reason=_text(data.get("reason", "")),
        settlement=Settlement(_text(data.get("settlement", Settlement.NOT_DUE))),
        settlement_reason=_text(data.get("settlement_reason", "")),
        pid=_optional(_pid, data.get("pid")),
        pid_started_at=_optional(_seconds, data.get("pid_started_at")),
        supervisor_pid=_optional(_pid, data.get("supervisor_pid")),
        supervisor_started_at=_optional(_seconds, data.get("supervisor_started_at")),
        boot_id=_text(data.get("boot_id", "")),
        host=_text(data.get("host", "")),
        pid_namespace=_text(data.get("pid_namespace", "")),
        grace=_seconds(data.get("grace", 10.0)),
        launcher=_text(data.get("launcher", HERE)),
        details={_text(key): _text(value) for key, value in details.items()},
    )


def _optional(convert: Callable[[object], T], value: object) -> T | None:
    return None if value is None else convert(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(map(_text, value))


def _code(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > 2**53:
        raise TypeError
    return value


def _whole(value: object) -> int:
    number = _code(value)
    if number < 0:
        raise ValueError
    return number


def _pid(value: object) -> int:
    """Return a number that means one process to the system: 0 and -1 would mean many."""
    number = _whole(value)
    if not 0 < number < 2**31:
        raise ValueError
    return number


def _seconds(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value < 2**53:
        raise TypeError
    return float(value)
