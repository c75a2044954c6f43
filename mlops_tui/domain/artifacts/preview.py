"""What of a file is shown before it is fetched."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A file of which nothing but its size is shown, unless a subclass has more of it."""

    path: str
    size: int
    """Bytes."""
    remark: str = ""
    """What of the file is shown, or why not more of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPreview(Preview):
    """Text; ``language`` is ``json``, ``yaml``, ``markdown``, or empty for any other."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelPreview(Preview):
    """An ``MLmodel`` file: what it says of the model, above its text."""

    facts: tuple[tuple[str, str], ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePreview(Preview):
    """The first rows of a table. ``types`` is empty where the file does not tell them.

    A cell is None where the file holds null.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    types: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ImagePreview(Preview):
    """A picture made small; ``pixels`` has three bytes (red, green, blue) for each, row by row."""

    width: int
    height: int
    pixels: bytes
