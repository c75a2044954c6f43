"""The files of the queue: the wishes of a person, a sign that something has changed."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.jobs.job_queue import MOST_SLOTS, QueueWishes
from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.services.files import small_files

WISHES = "queue.json"
SIGN = "queue.changed"


def read_wishes(state_dir: Path) -> QueueWishes:
    """Return what a person wants of the queue; what makes no sense is not wanted.

    Raises ``ServiceError``.
    """
    try:
        data = small_files.read_json(state_dir / WISHES)
    except OSError as error:
        raise ServiceError(f"The wishes for the queue cannot be read: {error}") from error
    return QueueWishes(
        slots=_slots(data.get("slots")),
        order=tuple(_texts(data.get("order"))),
        held=frozenset(_texts(data.get("held"))),
    )


def write_wishes(state_dir: Path, wishes: QueueWishes) -> None:
    """Keep what a person wants, then tell the waiting jobs; for who holds the lock."""
    data = {"slots": wishes.slots, "order": list(wishes.order), "held": sorted(wishes.held)}
    small_files.write_json(state_dir / WISHES, data)
    show_change(state_dir)


@contextmanager
def locked(state_dir: Path) -> Iterator[None]:
    """Let nobody else decide meanwhile; the system takes the lock from who dies.

    Raises ``ServiceError``.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(small_files.locked(state_dir / WISHES))
        except OSError as error:
            raise ServiceError(f"The queue cannot be locked: {error}") from error
        yield


def show_change(state_dir: Path) -> None:
    """Make every waiting job look whether it is its turn."""
    # Without the sign they find out by themselves, later.
    with suppress(OSError):
        small_files.touch(state_dir / SIGN)


def show_end(folder: Path, record: ProcessRecord) -> None:
    """Do so where a process has ended, or never ran, that took part in the queue."""
    if record.queues:
        show_change(folder.parent.parent)


def last_change(state_dir: Path) -> int:
    """Return a number that is another one after each change."""
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
