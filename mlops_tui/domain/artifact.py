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
