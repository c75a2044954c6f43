"""The files of a run or of a logged model."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from mlops_tui.domain.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Artifact:
    """A file or folder; ``path`` is relative to the root of its run or model."""

    path: str
    is_dir: bool
    size: int | None = None
    """Bytes, where the store knows."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(self.path).name


@dataclass(frozen=True, slots=True)
class ArtifactRef:
    """Which file or folder of which run is meant; of its logged model where ``model_id`` is set."""

    run_id: str
    path: str
    """Relative to the root of the run or model; empty for that root."""
    model_id: str = ""
    model_name: str = ""

    @property
    def name(self) -> str:
        """The last part of the path; of a model's root, the model's name."""
        return PurePosixPath(self.path).name or self.model_name or self.model_id

    @property
    def uri(self) -> str:
        """The address that MLflow takes.

        MLflow 3.17 refuses paths behind ``models:/`` with an id; below its run they have one.
        """
        if self.model_id and not self.path:
            return f"models:/{self.model_id}"
        parts = (self.run_id, self.model_name if self.model_id else "", self.path)
        return "runs:/" + "/".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class ArtifactText:
    """The beginning of a file as text; bytes that are none became U+FFFD."""

    path: str
    text: str
    """Empty for a binary file."""
    size: int
    is_truncated: bool
    is_binary: bool


def check_path(path: str) -> str:
    """Return the path if it stays below its root.

    Raises ``InvalidInput`` otherwise: some stores would follow it, others answer in HTML.
    """
    if path.startswith("/") or ".." in PurePosixPath(path).parts:
        raise InvalidInput(f"The artifact path {path!r} leads out of its folder.")
    return path


def decode(path: str, head: bytes, size: int) -> ArtifactText:
    """Return the text of a file's first bytes; a NUL byte tells that the file is no text."""
    is_binary = b"\0" in head
    text = "" if is_binary else head.decode("utf-8", errors="replace")
    return ArtifactText(path, text, size, is_truncated=size > len(head), is_binary=is_binary)
