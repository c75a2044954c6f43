"""A look into the description of a model."""

from collections.abc import Mapping
from pathlib import Path

from mlops_tui.domain.artifacts.preview import ModelPreview, Preview, TextPreview
from mlops_tui.domain.models.mlmodel import describe
from mlops_tui.services.artifacts.artifact_file import head_of
from mlops_tui.services.artifacts.previews.text_file import LIMIT, plain

LARGEST = 1024 * 1024
"""Bytes; a larger description is shown as text only."""


def preview(path: str, file: Path, _room: tuple[int, int]) -> Preview:
    """Return what it says of the model, above its text."""
    found = plain(path, file, LIMIT, "yaml")
    if not isinstance(found, TextPreview) or found.size > LARGEST:
        return found
    model = _parsed(file)
    if model is None:
        return plain(path, file, LIMIT, "yaml", remark="This is no description of a model.")
    return ModelPreview(
        path=path, size=found.size, remark=found.remark, facts=describe(model), text=found.text
    )


def _parsed(file: Path) -> Mapping[str, object] | None:
    import yaml

    head, _size = head_of(file, LARGEST)
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        found = yaml.load(head, Loader=loader)  # noqa: S506 - both loaders are the safe one
    except (yaml.YAMLError, ValueError, RecursionError, TypeError):
        return None
    return found if isinstance(found, Mapping) else None
