"""The file that holds the bytes of a version of a data set."""

from pathlib import Path

from mlops_tui.domain.data.file_state import FileState
from mlops_tui.domain.errors import Conflict, NotFound
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.store import Store
from mlops_tui.services.data.datasets import find_version
from mlops_tui.services.data.source_file import look_at


def file_of(store: Store, state_dir: Path, word: str, folder: Path) -> str:
    """Return the file that a word means: itself, or that of a version ``NAME@DIGEST``.

    Raises ``NotFound`` where the version, or its file, is not here; ``Conflict`` where its file
    holds other bytes now.
    """
    name, sign, digest = word.rpartition("@")
    if not sign or (folder / expanded(word)).exists():
        return word
    version = find_version(store, name, digest)
    return path_of(state_dir, version.name, version.digest, version.source)


def path_of(state_dir: Path, name: str, digest: str, source: str) -> str:
    """Return the file of a version whose source is known; raises the same."""
    found = look_at(state_dir, source, digest)
    title = f"{name} {digest}"
    if found.state is FileState.ELSEWHERE:
        raise NotFound(f"{title} came from no file of this machine.")
    if found.state is FileState.GONE:
        raise NotFound(f"The file of {title} has gone: {found.path}.")
    if found.state is FileState.CHANGED:
        raise Conflict(
            f"{found.path} holds other bytes now than {title}.",
            "Bring those back, with dvc checkout for example.",
        )
    return found.path
