"""What a monitor keeps on its machine: how far it looked, and rows that must not leave it."""

import json
import socket
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from mlops_tui.services.files import small_files, state_directory

FOLDER = "monitoring"
STATUS = "status.json"


@dataclass(frozen=True, slots=True)
class MonitorStatus:
    """What only the process of a monitor knows. Times are ms since the epoch."""

    rows_waiting: int | None = None
    last_look_at: int | None = None
    problem: str = ""
    """Why it does not get on now."""
    remarks: tuple[str, ...] = ()
    is_behind: bool = False


def folder_of(state_dir: Path, monitor_id: str) -> Path:
    """Return the folder of a monitor, which need not be there."""
    return state_dir / FOLDER / monitor_id


def made(state_dir: Path, monitor_id: str) -> Path:
    """Return the folder of a monitor, for its owner alone. Raises ``OSError``."""
    folder = folder_of(state_dir, monitor_id)
    state_directory.make(state_dir)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def write_status(state_dir: Path, monitor_id: str, status: MonitorStatus) -> None:
    """Note how far a monitor is; where that cannot be written, the monitor goes on."""
    with suppress(OSError):
        text = json.dumps({**asdict(status), "host": host()}).encode()
        small_files.write(made(state_dir, monitor_id) / STATUS, text)


def read_status(state_dir: Path, monitor_id: str) -> MonitorStatus:
    """Return what was noted last; nothing where that makes no sense."""
    found: dict[str, object] = {}
    with suppress(OSError):
        found = small_files.read_json(folder_of(state_dir, monitor_id) / STATUS)
    rows, looked_at = found.get("rows_waiting"), found.get("last_look_at")
    remarks = found.get("remarks")
    return MonitorStatus(
        rows_waiting=rows if isinstance(rows, int) else None,
        last_look_at=looked_at if isinstance(looked_at, int) else None,
        problem=str(found.get("problem") or ""),
        remarks=tuple(map(str, remarks)) if isinstance(remarks, list) else (),
        is_behind=found.get("is_behind") is True,
    )


def now() -> int:
    """Return the time in ms since the epoch."""
    return time.time_ns() // 1_000_000


def host() -> str:
    """Return the name of this machine."""
    return socket.gethostname()
