"""How the models of a library become ONNX."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from onnx import ModelProto

    from .columns import Columns, Features

NEVER_SPLIT = 100_000
"""As many rows as a hold-out has at most."""


@dataclass(frozen=True)
class Converter:
    """The functions that export the models of one library; each takes the model first."""

    libraries: str
    """The names of the libraries, as people write them, with commas."""
    packages: Callable[[Any], tuple[str, ...]]
    """Return the packages that convert the model, beside onnx and onnxruntime."""
    refuse: Callable[[Any], None]
    """Raise ``Problem`` for what is known not to be converted."""
    features: Callable[[Any], Features]
    """Return what the model tells about its input."""
    predict: Callable[[Any, Any], Any]
    """Return what the model predicts for rows, as an array."""
    convert: Callable[[Any, Columns, Any], ModelProto]
    """Return the model in ONNX: a matrix goes in, or a matrix for each column.

    The third argument is the first rows that both models are compared on.
    """
    takes_text: bool = False
    rows_at_once: int = NEVER_SPLIT
    """Rows that the model is asked about at once."""
