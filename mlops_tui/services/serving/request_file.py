"""Requests that are too large for an editor: files, named by ``@PATH`` as curl names them."""

from hashlib import sha256
from pathlib import Path

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.models.signature import Signature
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.files import small_files, state_directory
from mlops_tui.services.files.regular_file import open_to_read
from mlops_tui.services.serving import table_file
from mlops_tui.services.serving.table_file import LARGEST
from mlops_tui.services.store.failures import translated
from mlops_tui.services.worker.calls import is_kept

FOLDER = "requests"
MOST_KEPT = 10


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


def contents(body: str, signature: Signature = Signature()) -> bytes:  # noqa: B008 - frozen
    """Return what is to be sent: the text, or what the file holds that it names.

    The rows of a CSV or Parquet file become a request with the types of the signature.
    """
    if not body.startswith("@"):
        # Half of a surrogate pair cannot be sent as it is; this writes JSON's own escape for it.
        return body.encode("utf-8", errors="backslashreplace")
    shown = one_line(body[1:].strip(), 200)
    try:
        path = expanded(body[1:].strip())
        with open_to_read(path) as file:
            is_table = table_file.is_table(path)
            found = (
                table_file.request_of(path, file, signature) if is_table else file.read(LARGEST + 1)
            )
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput(f"The request {shown} cannot be read: {reason}.") from None
    if len(found) > LARGEST:
        raise InvalidInput(f"The request {shown} is larger than {LARGEST // 1024**2} MiB.")
    return found
