"""Detached processes, whichever launcher runs them: they outlive whoever starts them."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from mlops_tui.domain.errors import Conflict, NotFound, ServiceError
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import ProcessKind, ProcessRecord, ProcessState
from mlops_tui.services.files import state_directory
from mlops_tui.services.launchers import supervisor_process
from mlops_tui.services.launchers.all_launchers import LAUNCHERS, launcher_of, unknown
from mlops_tui.services.processes import log_file, process_mark, records, removal, stop_request


def start(
    state_dir: Path,
    record: ProcessRecord,
    environ: Mapping[str, str],
    resources: Mapping[str, str] | None = None,
    plan: str = "",
) -> ProcessRecord:
    """Start the recorded command with the record's launcher; return what became of it.

    ``environ`` is the whole environment of the command: it is handed on, never written down; the
    record names what of it was set for this process. ``plan`` is written to the file
    ``records.PLAN`` in its folder.
    """
    with _told(record):
        return launcher_of(record).start(state_dir, record, environ, resources or {}, plan)


def get(state_dir: Path, kind: ProcessKind, process_id: str) -> ProcessRecord:
    """Return the record as it is true now."""
    folder = records.directory(state_dir, kind, process_id)
    return observe(folder, records.read_existing(folder))


def list_processes(state_dir: Path, kind: ProcessKind) -> tuple[ProcessRecord, ...]:
    """Return the records as they are true now, newest first."""
    state_directory.check(state_dir)
    found = []
    for record in records.read_all(state_dir, kind):
        with suppress(NotFound):  # it was removed meanwhile
            found.append(observe(state_dir / kind / record.process_id, record))
    return tuple(sorted(found, key=lambda r: (r.created_at, r.process_id), reverse=True))


def observe(folder: Path, record: ProcessRecord) -> ProcessRecord:
    """Return a record as it is true now. Raise ``NotFound`` where it is removed meanwhile.

    One whose launcher fails is as it was, and says so: it is to hide none of the others.
    """
    if not record.is_underway:
        return record
    if record.launcher not in LAUNCHERS:
        return replace(record, state=ProcessState.ELSEWHERE, reason=unknown(record))
    try:
        with _told(record):
            return LAUNCHERS[record.launcher].observe(folder, record)
    except NotFound:
        raise
    except ServiceError as error:
        return record if record.is_settling else replace(record, reason=f"Unsure: {error}")


@contextmanager
def _told(record: ProcessRecord) -> Iterator[None]:
    """Let a launcher fail in a sentence, whatever it raises: not all of them are ours."""
    try:
        yield
    except ServiceError:
        raise
    except Exception as error:
        reason = one_line(str(error) or type(error).__name__, 300)
        raise ServiceError(f"The launcher {record.launcher!r} failed: {reason}") from error


def stop(
    state_dir: Path,
    kind: ProcessKind,
    process_id: str,
    environ: Mapping[str, str] | None = None,
) -> ProcessRecord:
    """Ask the process to end with all it has started; return at once.

    Where its supervisor was killed, a new one does it, in ``environ``.
    """
    folder = records.directory(state_dir, kind, process_id)
    record = observe(folder, records.read_existing(folder))
    if not record.is_underway:
        return record
    if record.is_settling:
        if not stop_request.try_to_create(folder):
            supervisor_process.terminate(record)
        return get(state_dir, kind, process_id)
    with _told(record):
        why_later = launcher_of(record).stop(folder, record, environ or os.environ)
    asked = get(state_dir, kind, process_id)
    if not asked.state.is_active:
        return asked
    return replace(asked, state=ProcessState.STOPPING, reason=why_later or asked.reason)


def remove(
    state_dir: Path, kind: ProcessKind, process_id: str, *, though_unknown: bool = False
) -> None:
    """Delete the record and the log of a process that has ended. Raise ``Conflict`` for others.

    ``though_unknown`` deletes that of one elsewhere too, of which a person knows more: its machine
    or container may be gone for good.
    """
    folder = records.directory(state_dir, kind, process_id)
    process_mark.clear_cache()
    record = observe(folder, records.read_existing(folder))
    if record.launcher not in LAUNCHERS and not record.state.is_active:
        removal.refuse_underway(record)
        removal.remove(folder, record)
    elif record.state is not ProcessState.ELSEWHERE or record.is_attached:
        with _told(record):
            launcher_of(record).remove(folder, record)
    elif though_unknown:
        removal.remove(folder, record)
    else:
        raise Conflict(
            f"Nobody here knows whether {record.title} has ended. {record.reason}",
            f"Remove it there, or delete {folder} once you know.",
        )


def log(state_dir: Path, kind: ProcessKind, process_id: str) -> Path:
    """Return the file to which a process writes. Raise ``NotFound``."""
    folder = records.directory(state_dir, kind, process_id)
    record = records.read_existing(folder)
    if record.launcher not in LAUNCHERS:
        return log_file.path_of(folder, record)
    with _told(record):
        return launcher_of(record).log(folder, record)


def amend(state_dir: Path, record: ProcessRecord) -> ProcessRecord:
    """Write down more about a process that has ended, or is lost."""
    folder = records.directory(state_dir, record.kind, record.process_id)
    try:
        records.write(folder, record)
    except OSError as error:
        raise ServiceError(f"{folder / records.NAME} cannot be written: {error}.") from error
    return record
