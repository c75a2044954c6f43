"""Converts modules of PyTorch with its own exporter."""

from __future__ import annotations

import logging
import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from ..problem import Problem, in_words
from .columns import TENSOR, Features
from .converter import Converter

if TYPE_CHECKING:
    from onnx import ModelProto

    from .columns import Columns

AT_ONCE = 1_000
"""Rows that a module is asked about at once, which bounds the memory that its layers take."""
TRACED = 2
"""Rows that a module is traced with: PyTorch may take a length of 1 as fixed."""


def packages(_model: Any) -> tuple[str, ...]:
    """Return what ``torch.onnx.export`` imports beside torch."""
    return ("torch", "onnxscript")


def refuse(model: Any) -> None:
    """Raise ``Problem`` where the model is no module that can be called."""
    import torch

    if not isinstance(model, torch.nn.Module):
        raise Problem(f"{type(model).__name__} is no module of PyTorch, which alone is exported.")


def features(_model: Any) -> Features:
    """Return nothing: a module does not tell what it takes."""
    return Features()


def predict(model: Any, rows: Any) -> Any:
    """Return the tensor that a module gives, as an array."""
    import torch

    try:
        with torch.no_grad():
            found = _ready(model)(torch.from_numpy(np.array(rows, np.float32)))
    except Exception as error:  # noqa: BLE001 - the module runs its own code
        hint = ""
        if isinstance(model, torch.fx.GraphModule):
            hint = " A module that was logged as pt2 with an example of one row takes one row only."
        raise Problem(
            f"The module fails on {len(rows):,} rows of float32: {in_words(error)}{hint}"
        ) from None
    if not isinstance(found, torch.Tensor):
        raise Problem(f"The module gives a {type(found).__name__}; only one tensor is exported.")
    if found.ndim == 0 or len(found) != len(rows):
        shape = " by ".join(map(str, found.shape)) or "1"
        raise Problem(
            f"The module gives {shape} values for {len(rows):,} rows, not one answer for each."
        )
    return found.numpy()


def _ready(model: Any) -> Any:
    """Return the module on the CPU, for inference; one of the format pt2 stays as it was logged."""
    with suppress(NotImplementedError):
        model.eval()
    return model.to("cpu")


def convert(model: Any, columns: Columns, rows: Any) -> ModelProto:
    """Return the module in ONNX; the lengths that its signature leaves open may vary."""
    import torch

    sample = np.resize(np.asarray(rows, np.float32), (TRACED, *np.shape(rows)[1:]))
    shape = columns.shape or ()
    varying = {n + 1 for n, length in enumerate(shape) if columns.is_tensor and length is None}
    dynamic = dict.fromkeys((0, *sorted(varying)), torch.export.Dim.DYNAMIC)
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)  # it misses torchvision
    try:
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            program = torch.onnx.export(
                _ready(model),
                (torch.from_numpy(sample),),
                input_names=[TENSOR],
                dynamic_shapes=(dynamic,),
                dynamo=True,
                verbose=False,
            )
    except Exception as error:  # noqa: BLE001 - the exporter runs the module's own code
        raise Problem(f"PyTorch {torch.__version__} cannot export it: {in_words(error)}") from None
    if program is None:
        raise Problem(f"PyTorch {torch.__version__} exported nothing.")
    made: ModelProto = program.model_proto
    return made


CONVERTER = Converter(
    libraries="PyTorch",
    packages=packages,
    refuse=refuse,
    features=features,
    predict=predict,
    convert=convert,
    rows_at_once=AT_ONCE,
)
