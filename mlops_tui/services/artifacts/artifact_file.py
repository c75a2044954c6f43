"""The bytes of an artifact, wherever the store keeps it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from mlops_tui.domain.errors import NotFound

if TYPE_CHECKING:
    from mlflow import MlflowClient


def read_head(client: "MlflowClient", location: str, path: str, limit: int) -> tuple[bytes, int]:
    """Return a file's first ``limit`` bytes with its size.

    ``location`` is the artifact URI of a run or logged model. A file on this machine is read where
    it is; any other is fetched into a folder that does not outlive the call.
    """
    with on_disk(client, location, path) as file:
        return head_of(file, limit)


@contextmanager
def on_disk(client: "MlflowClient", location: str, path: str) -> Iterator[Path]:
    """Yield where on this machine the file is while the block runs, fetched where it must be."""
    folder = local_folder(location)
    if folder is not None:
        yield _existing(folder / path)
        return
    from mlflow.artifacts import download_artifacts

    with tempfile.TemporaryDirectory(prefix="mlops-tui-") as scratch:
        uri = f"{location.rstrip('/')}/{path}"
        fetched = download_artifacts(
            artifact_uri=uri, dst_path=scratch, tracking_uri=client.tracking_uri
        )
        yield _existing(Path(fetched))


def head_of(path: Path, limit: int) -> tuple[bytes, int]:
    """Return the first ``limit`` bytes of a file on this machine with its size."""
    with path.open("rb") as file:
        return file.read(limit), path.stat().st_size


def local_folder(location: str) -> Path | None:
    """Return the folder behind a path or ``file:`` URI, None for any other location."""
    parts = urlsplit(location)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return Path(unquote(parts.path))
    return Path(location) if not parts.scheme else None


def _existing(path: Path) -> Path:
    if not path.is_file():
        kind = "is a folder" if path.is_dir() else "does not exist, or no longer"
        raise NotFound(f"The artifact {path.name} {kind}.")
    return path
