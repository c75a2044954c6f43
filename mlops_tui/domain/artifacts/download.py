"""A file or folder of the store on its way to a disk."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mlops_tui.domain.artifacts.artifact import ArtifactRef
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.home_path import expanded


@dataclass(frozen=True, slots=True)
class Amount:
    """How many files of how many bytes."""

    files: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class DownloadPlan:
    """What would be fetched, and a path that is free for it."""

    total: Amount
    suggested: str


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How much is there; ``is_done`` once it all stands at its place."""

    done: Amount
    is_done: bool = False


def target_path(typed: str, name: str, folder: Path) -> Path:
    """Return the path that a person typed; one that ends in ``/`` names the folder to put it in."""
    if not typed.strip():
        raise InvalidInput("Type a path.")
    if "\0" in typed:
        raise InvalidInput("A path has no NUL character.")
    path = folder / expanded(typed)
    return path / name if typed.endswith("/") or PurePosixPath(typed).name in ("", "..") else path


def equivalent(ref: ArtifactRef, target: str) -> str:
    """Return the Python that fetches the same."""
    folder = str(PurePosixPath(target).parent) if ref.path else target
    uri, place = repr(ref.uri), repr(folder)
    return (
        "import mlflow\n\n"
        f"mlflow.artifacts.download_artifacts(artifact_uri={uri}, dst_path={place})\n"
    )
