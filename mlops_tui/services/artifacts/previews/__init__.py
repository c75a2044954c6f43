"""What of an artifact is shown before it is fetched, one file for each kind."""

from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path, PurePosixPath

from mlops_tui.domain.artifacts.artifact import ArtifactRef, check_path
from mlops_tui.domain.artifacts.preview import Preview
from mlops_tui.domain.store import Store
from mlops_tui.services.artifacts.artifact_beginning import beginning
from mlops_tui.services.artifacts.artifact_file import on_disk
from mlops_tui.services.artifacts.artifacts import location_of, refuse_large, too_large
from mlops_tui.services.artifacts.previews import text_file
from mlops_tui.services.store.failures import translated
from mlops_tui.services.store.store import client
from mlops_tui.services.worker.calls import LONG, may_take

Room = tuple[int, int]
"""Columns with lines that the preview may fill; a picture is made to fit."""

Reader = Callable[[str, Path, Room], Preview]
"""Makes the preview of an artifact's path, whose file is on this machine."""

KINDS = {
    ".json": "json",
    ".ipynb": "json",
    ".yaml": "text",
    ".yml": "text",
    ".md": "text",
    ".markdown": "text",
    ".csv": "delimited",
    ".tsv": "delimited",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".png": "image",
    ".jpg": "image",
    ".jpeg": "image",
    ".gif": "image",
    ".webp": "image",
}
"""How a name ends to the module that reads such files; its libraries are imported with it."""


@may_take(LONG)
@translated()
def preview_artifact(store: Store, ref: ArtifactRef, room: Room) -> Preview:
    """Return a bounded look into a file; a damaged one is told in ``remark``.

    Nothing is unpickled or executed. Raises ``InvalidInput`` for a file of a remote store that is
    too large to fetch for a look.
    """
    check_path(ref.path)
    location = location_of(store, ref)
    read = _reader(ref.path)
    if (size := too_large(store, ref, location)) and read is text_file.preview:
        with beginning(client(store), location, ref.path, text_file.LIMIT) as file:
            if file is not None:
                return replace(read(ref.path, file, room), size=size)
    refuse_large(store, ref, location)
    with on_disk(client(store), location, ref.path) as file:
        return read(ref.path, file, room)


def _reader(path: str) -> Reader:
    name = PurePosixPath(path)
    kind = "mlmodel" if name.name == "MLmodel" else KINDS.get(name.suffix.lower(), "text")
    reader: Reader = import_module(f"{__name__}.{kind}_file").preview
    return reader
