"""Which of the loaded things a typed filter lets through."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlops_tui.domain.models.model import ModelVersion, RegisteredModel


def matches(text: str, haystack: Iterable[str]) -> bool:
    """Return whether each word of ``text`` occurs in one of the strings, whatever its case.

    A ``|`` between words separates alternatives of which one has to occur.
    """
    alternatives = [words.split() for words in f" {text.casefold()} ".split(" | ")]
    if not any(alternatives):
        return True
    known = [straw.casefold() for straw in haystack]
    return any(
        all(any(word in straw for straw in known) for word in words)
        for words in alternatives
        if words
    )


def version_strings(version: "ModelVersion") -> Iterator[str]:
    """Return what a filter looks at in a version; ``stage:…`` with ``alias:…`` among them."""
    yield from (f"v{version.version}", f"stage:{version.stage}", version.description, version.user)
    yield from (f"alias:{alias}" for alias in version.aliases)
    yield from (f"{key}={value}" for key, value in version.tags.items())


def model_strings(model: "RegisteredModel") -> Iterator[str]:
    """Return what a filter looks at in a registered model, of all of its versions."""
    yield from (model.name, model.description)
    yield from (f"stage:{stage}" for stage in model.latest)
    yield from (f"alias:{alias}" for alias in model.aliases)
    yield from (f"{key}={value}" for key, value in model.tags.items())
