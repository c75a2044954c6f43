"""A look into text, Markdown or YAML."""

from pathlib import Path, PurePosixPath

from mlops_tui.domain.artifacts.artifact import decode
from mlops_tui.domain.artifacts.preview import Preview, TextPreview
from mlops_tui.services.artifacts.artifact_file import head_of

LIMIT = 64 * 1024
"""Bytes that are read."""

MARKDOWN_LIMIT = 16 * 1024
"""Bytes of Markdown: laying out more would hold up the interface."""

LANGUAGES = {".yaml": "yaml", ".yml": "yaml", ".md": "markdown", ".markdown": "markdown"}


def preview(path: str, file: Path, _room: tuple[int, int]) -> Preview:
    """Return the beginning of the file as text."""
    language = LANGUAGES.get(PurePosixPath(path).suffix.lower(), "")
    return plain(path, file, MARKDOWN_LIMIT if language == "markdown" else LIMIT, language)


def plain(path: str, file: Path, limit: int, language: str = "", remark: str = "") -> Preview:
    """Return the beginning of the file as it is; of a binary file, that it is one."""
    head, size = head_of(file, limit)
    found = decode(path, head, size)
    if found.is_binary:
        return Preview(path=path, size=size, remark="This is binary; it is not shown.")
    parts = (remark, "Only the beginning is shown." if found.is_truncated else "")
    words = " ".join(part for part in parts if part)
    return TextPreview(path=path, size=size, remark=words, text=found.text, language=language)
