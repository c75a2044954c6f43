"""An artifact lent to another program on this machine."""

import shutil
import tempfile
from pathlib import Path

from mlops_tui.domain.artifacts.artifact import ArtifactRef, check_path
from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts.artifact_file import local_folder, on_disk
from mlops_tui.services.artifacts.artifacts import FETCH_LIMIT, location_of, refuse_large
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client
from mlops_tui.services.worker.calls import LONG, is_kept, may_take

PREFIX = "mlops-tui-artifact-"
"""How the folder of a copy begins."""


@may_take(LONG)
@translated()
def readable(store: Store, ref: ArtifactRef) -> Path:
    """Return a file to be read only: where it lies on this machine, else a copy of it."""
    check_path(ref.path)
    folder = local_folder(location_of(store, ref))
    if folder is not None and (folder / ref.path).is_file():
        return folder / ref.path
    return editable(store, ref)


@may_take(LONG)
@translated()
def editable(store: Store, ref: ArtifactRef) -> Path:
    """Return a copy in a folder of its own, for ``give_back``.

    Raises ``InvalidInput`` for what is too large to be copied for a look.
    """
    check_path(ref.path)
    location = location_of(store, ref)
    refuse_large(store, ref, location)
    with on_disk(client(store), location, ref.path) as file:
        if (size := file.stat().st_size) > FETCH_LIMIT:
            raise InvalidInput(
                f"{ref.path} has {bytes_size(size)}, too much to copy for a look.",
                "w writes it to a place of your choice.",
            )
        copy = Path(tempfile.mkdtemp(prefix=PREFIX)) / file.name
        shutil.copyfile(file, copy)
        return copy


@is_kept
@translated()
def give_back(path: Path) -> None:
    """Remove a copy; a file that is none of ours stays."""
    if path.parent.name.startswith(PREFIX) and path.parent.parent == Path(tempfile.gettempdir()):
        shutil.rmtree(path.parent, ignore_errors=True)
