"""What is asked for when a model is exported."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlops_tui.domain.edge.export import BUNDLE, ONNX, ExportOutcome, ExportRequest
from mlops_tui.domain.errors import InvalidInput

REQUEST = ExportRequest("models:/my flowers/1", ONNX, Path("/project"), output="out")


def test_a_request_is_the_command_line_that_does_the_same() -> None:
    assert REQUEST.command() == "mlops-tui export 'models:/my flowers/1' --to onnx"
    bundle = replace(REQUEST, to=BUNDLE, data="rows.csv", register_as="f-onnx")
    words = " -o out --data rows.csv --register-as f-onnx"
    assert bundle.command().endswith(f"--to bundle{words}")
    assert (REQUEST.output_path, bundle.output_path) == (None, Path("/project/out"))
    bundle.check()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"model_uri": " "}, "No model is named"),
        ({"to": "coreml"}, "onnx or bundle"),
        ({"to": BUNDLE, "output": ""}, "No folder is named"),
        ({"register_as": "a:b"}, "no '/' or ':'"),
    ],
)
def test_what_makes_no_sense_is_told(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        replace(REQUEST, **change).check()


def test_an_outcome_tells_ties_apart() -> None:
    outcome = ExportOutcome("r", "models:/m-1", "f-onnx/2", "", 1_000, 998, 2, 4e-7)
    assert outcome.describe() == (
        "998 of 1,000 rows agree, 2 differ by a tie; the largest difference is 4e-07. "
        "Registered as models:/f-onnx/2."
    )
