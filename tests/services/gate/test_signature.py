"""Whether a model accepts what another one is sent."""

import pytest
from mlflow.types import ColSpec, Schema, TensorSpec
from numpy import dtype

from mlops_tui.services.model_programs.gate_program.signature import refusals


def columns(**types: str) -> Schema:
    """Return a schema; a type that ends in ``?`` is optional."""
    return Schema(
        [ColSpec(kind.rstrip("?"), name, required="?" not in kind) for name, kind in types.items()]
    )


def tensor(shape: tuple[int, ...], kind: str = "float64") -> Schema:
    return Schema([TensorSpec(dtype(kind), shape)])


@pytest.mark.parametrize(
    ("ours", "theirs", "refused"),
    [
        (columns(a="double"), columns(a="double"), ""),
        (columns(a="double"), columns(a="long", b="string"), ""),
        (columns(a="double", b="string?"), columns(a="double"), ""),
        (columns(a="long"), columns(a="double"), "a is long, the champion's is double"),
        (columns(a="double", b="long"), columns(a="double"), "it requires b"),
        (columns(a="double"), columns(a="double?"), "it requires a, which is optional"),
        (tensor((-1, 3)), tensor((-1, 3)), ""),
        (tensor((-1, -1)), tensor((-1, 3)), ""),
        (tensor((-1, 4)), tensor((-1, 3)), "the champion's is"),
        (tensor((-1, 3), "float32"), tensor((-1, 3)), "the champion's is"),
        (tensor((-1, 3)), columns(a="double"), "it takes tensors, not columns"),
    ],
)
def test_a_version_has_to_take_what_the_champion_is_sent(
    ours: Schema, theirs: Schema, refused: str
) -> None:
    found = refusals(ours, theirs)
    assert bool(found) == bool(refused)
    assert refused in "; ".join(found)
