"""Reads and writes the files of the queue: preferences, a lock, a sign of changes."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.job_queue import MOST_SLOTS, QueuePreferences
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.files import small_files

PREFERENCES = "queue.json"
SIGN = "queue.changed"


def read_preferences(state_dir: Path) -> QueuePreferences:
    """Return the preferences for the queue; values that make no sense are left out.

    Raises ``ServiceError``.
    """
    try:
        data = small_files.read_json(state_dir / PREFERENCES)
    except OSError as error:
        raise ServiceError(f"The settings of the queue cannot be read: {error}") from error
    return QueuePreferences(
        slots=_slots(data.get("slots")),
        order=tuple(_texts(data.get("order"))),
        held=frozenset(_texts(data.get("held"))),
    )


def write_preferences(state_dir: Path, preferences: QueuePreferences) -> None:
    """Write the preferences, then announce the change. The caller holds the lock."""
    data = {
        "slots": preferences.slots,
        "order": list(preferences.order),
        "held": sorted(preferences.held),
    }
    small_files.write_json(state_dir / PREFERENCES, data)
    announce_change(state_dir)


@contextmanager
def locked(state_dir: Path) -> Iterator[None]:
    """Hold the lock of the queue; the system releases that of a process that dies.

    Raises ``ServiceError``.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(small_files.locked(state_dir / PREFERENCES))
        except OSError as error:
            raise ServiceError(f"The queue cannot be locked: {error}") from error
        yield


def announce_change(state_dir: Path) -> None:
    """Let every waiting job check whether it may start."""
    # Without the sign they find out by themselves, later.
    with suppress(OSError):
        small_files.touch(state_dir / SIGN)


def announce_end(folder: Path, record: ProcessRecord) -> None:
    """Do the same for a process of the queue that has ended, or never ran."""
    if record.queues:
        announce_change(folder.parent.parent)


def last_change(state_dir: Path) -> int:
    """Return a number that differs after each change."""
    try:
        return (state_dir / SIGN).stat().st_mtime_ns
    except OSError:
        return 0


def _slots(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value <= MOST_SLOTS else None


def _texts(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
