"""Requests that are too large for an editor: files, named by ``@PATH`` as curl names them."""

from hashlib import sha256
from pathlib import Path

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.files import small_files, state_directory
from mlops_tui.services.files.regular_file import open_to_read
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import is_kept

FOLDER = "requests"
MOST_KEPT = 10
LARGEST = 64 * 1024 * 1024
"""Bytes of a request that are read."""


@is_kept
@translated()
def keep(state_dir: Path, text: str) -> Path:
    """Write a request to a file of the state directory, the latest few stay; return its path."""
    data = text.encode("utf-8", errors="backslashreplace")
    folder = state_dir.absolute() / FOLDER
    state_directory.make(folder)
    path = folder / f"{sha256(data).hexdigest()[:12]}.json"
    small_files.write(path, data)
    kept = sorted(folder.glob("*.json"), key=lambda each: each.stat().st_mtime_ns)
    for each in kept[:-MOST_KEPT]:
        each.unlink(missing_ok=True)
    return path


def contents(body: str) -> bytes:
    """Return what is to be sent: the text, or what the file holds that it names."""
    if not body.startswith("@"):
        # Half of a surrogate pair cannot be sent as it is; this writes JSON's own escape for it.
        return body.encode("utf-8", errors="backslashreplace")
    shown = one_line(body[1:].strip(), 200)
    try:
        with open_to_read(Path(body[1:].strip()).expanduser()) as file:
            found = file.read(LARGEST + 1)
    except (OSError, ValueError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(f"The request {shown} cannot be read: {reason}.") from None
    if len(found) > LARGEST:
        raise InvalidInput(f"The request {shown} is larger than {LARGEST // 1024**2} MiB.")
    return found
