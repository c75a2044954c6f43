"""Which of the loaded things a typed filter lets through."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlops_tui.domain.models.model import ModelVersion


def matches(text: str, haystack: Iterable[str]) -> bool:
    """Return whether each word of ``text`` occurs in one of the strings, whatever its case."""
    words = text.casefold().split()
    if not words:
        return True
    known = [straw.casefold() for straw in haystack]
    return all(any(word in straw for straw in known) for word in words)


def version_strings(version: "ModelVersion") -> Iterator[str]:
    """Return what a filter looks at in a version; ``stage:…`` with ``alias:…`` among them."""
    yield from (f"v{version.version}", f"stage:{version.stage}", version.description, version.user)
    yield from (f"alias:{alias}" for alias in version.aliases)
    yield from (f"{key}={value}" for key, value in version.tags.items())
