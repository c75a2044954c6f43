"""Gives a converted model the inputs and outputs that people, MLflow and the bundle use.

Each column of a frame is an input of its own name, with one value a row; each output has one value
a row, too: MLflow cannot answer with a matrix beside a label. Only a model that answers a tensor
with many values a row keeps them in one output.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from ..problem import Problem
from .columns import TENSOR, Columns

if TYPE_CHECKING:
    from collections.abc import Sequence

LABEL, PREDICTION, PROBABILITY = "label", "prediction", "probability_"
INSIDE = "model/"
"""The prefix of all names inside the converted model."""
MOST_CLASSES = 100
"""With more classes, the label alone is given."""
MOST_NUMBERS = 100
"""More numbers a row than this are one output where a tensor goes in."""


def rewired(
    converted: onnx.ModelProto,
    columns: Columns,
    classes: Sequence[object],
    answer: tuple[int, ...],
) -> onnx.ModelProto:
    """Return the model with the final inputs and outputs. Raises ``Problem``.

    ``classes`` are those of a classifier with probabilities, else empty; ``answer`` is the shape
    of what its first output has for a row.
    """
    model = onnx.compose.add_prefix(converted, INSIDE)
    graph = model.graph
    before, inputs = _inputs(model, columns)
    if _is_whole(columns, answer):
        after, outputs = _whole(model, answer)
    else:
        after, outputs = _outputs(model, columns, classes, prod(answer))
    nodes = [*before, *graph.node, *after]
    for field, values in ((graph.node, nodes), (graph.input, inputs), (graph.output, outputs)):
        kept = list(values)
        del field[:]
        field.extend(kept)
    onnx.checker.check_model(model)
    return model


def _inputs(
    model: onnx.ModelProto, columns: Columns
) -> tuple[list[onnx.NodeProto], list[onnx.ValueInfoProto]]:
    present = list(model.graph.input)
    kinds = [each.type.tensor_type.elem_type for each in present]
    if columns.is_tensor or len(columns.names) == 1:
        name = TENSOR if columns.is_tensor else columns.names[0]
        node = helper.make_node("Identity", [name], [present[0].name])
        shape = [None, *(columns.shape or (1,))] if columns.is_tensor else [None, 1]
        return [node], [helper.make_tensor_value_info(name, kinds[0], shape)]
    _constant(model, f"{INSIDE}as_column", np.array([-1, 1]))
    is_matrix = len(present) == 1
    nodes, infos, made = [], [], []
    for number, name in enumerate(columns.names):
        target = f"{INSIDE}column_{number}" if is_matrix else present[number].name
        nodes.append(helper.make_node("Reshape", [name, f"{INSIDE}as_column"], [target]))
        infos.append(helper.make_tensor_value_info(name, kinds[0 if is_matrix else number], [None]))
        made.append(target)
    if is_matrix:
        nodes.append(helper.make_node("Concat", made, [present[0].name], axis=1))
    return nodes, infos


def _is_whole(columns: Columns, answer: tuple[int, ...]) -> bool:
    """Return whether the values of a row stay together in one output."""
    is_deep = len(answer) > 1
    if is_deep and not columns.is_tensor:
        shape = " by ".join(map(str, answer))
        raise Problem(
            f"The model gives {shape} values a row, which cannot be columns of an answer."
        )
    return columns.is_tensor and (is_deep or prod(answer) > MOST_NUMBERS)


def _whole(
    model: onnx.ModelProto, answer: tuple[int, ...]
) -> tuple[list[onnx.NodeProto], list[onnx.ValueInfoProto]]:
    first = model.graph.output[0]
    kind, shape = first.type.tensor_type.elem_type, [None] * (1 + len(answer))
    node = helper.make_node("Identity", [first.name], [PREDICTION])
    return [node], [helper.make_tensor_value_info(PREDICTION, kind, shape)]


def _outputs(
    model: onnx.ModelProto, columns: Columns, classes: Sequence[object], width: int
) -> tuple[list[onnx.NodeProto], list[onnx.ValueInfoProto]]:
    present = list(model.graph.output)
    first, kind = present[0].name, present[0].type.tensor_type.elem_type
    nodes, infos = [], []
    if width > 1:
        parts = [(f"{PREDICTION}_{n}", first, n, kind) for n in range(width)]
    else:
        name = _free(LABEL if len(present) > 1 else PREDICTION, columns)
        _constant(model, f"{INSIDE}as_row", np.array([-1]))
        nodes.append(helper.make_node("Reshape", [first, f"{INSIDE}as_row"], [name]))
        infos.append(helper.make_tensor_value_info(name, kind, [None]))
        shown = classes if len(classes) <= MOST_CLASSES else ()
        parts = [
            (f"{PROBABILITY}{each}", present[1].name, n, TensorProto.FLOAT)
            for n, each in enumerate(shown)
        ]
    for name, source, number, of_kind in parts:
        index, free = f"{INSIDE}index_{number}", _free(name, columns)
        _constant(model, index, np.array(number))
        nodes.append(helper.make_node("Gather", [source, index], [free], axis=1))
        infos.append(helper.make_tensor_value_info(free, of_kind, [None]))
    return nodes, infos


def _constant(model: onnx.ModelProto, name: str, value: object) -> None:
    model.graph.initializer.append(numpy_helper.from_array(np.asarray(value, np.int64), name))


def _free(name: str, columns: Columns) -> str:
    """Return a name for an output that no column has."""
    while name in columns.names:
        name += "_predicted"
    return name
