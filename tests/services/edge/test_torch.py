"""Modules of PyTorch in ONNX."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest

from mlops_tui.services.model_programs.problem import Problem
from mlops_tui.services.store import store as stores
from tests.patience import PATIENCE
from tests.services.edge.conftest import NUMBERS, Exporting, rows

torch = pytest.importorskip("torch", reason="torch (750 MB) is not installed")
pytest.importorskip(
    "onnxscript", reason="onnxscript, which torch.onnx.export needs, is not installed"
)


class Pair(torch.nn.Module):  # type: ignore[name-defined, misc]
    """Gives two tensors."""

    def forward(self, given: Any) -> Any:
        return given, given


class Fixed(torch.nn.Module):  # type: ignore[name-defined, misc]
    """Decides by a value, which cannot be traced."""

    def forward(self, given: Any) -> Any:
        return given * 2 if float(given.sum()) > 0 else given


class Total(torch.nn.Module):  # type: ignore[name-defined, misc]
    """Gives one value for all rows."""

    def forward(self, given: Any) -> Any:
        return given.sum()


class Mean(torch.nn.Module):  # type: ignore[name-defined, misc]
    """Takes sequences of any length."""

    def forward(self, given: Any) -> Any:
        weights = torch.arange(given.shape[1])[:, None]
        return (given * weights).mean(dim=1)


def _images() -> Any:
    return torch.nn.Sequential(
        torch.nn.Conv2d(1, 3, 2), torch.nn.BatchNorm2d(3), torch.nn.Dropout(), torch.nn.Flatten(),
        torch.nn.Linear(27, 2),
    )  # fmt: skip


def _said(model: Any, given: Any) -> Any:
    with torch.no_grad():
        return model.eval()(torch.from_numpy(given.astype(np.float32))).numpy()


def _sample(*shape: int) -> Any:
    return np.random.default_rng(0).normal(size=shape).astype(np.float32)


def test_a_module_of_columns_takes_columns(exporting: Exporting) -> None:
    import mlflow

    model = torch.nn.Sequential(torch.nn.Linear(2, 4), torch.nn.ReLU(), torch.nn.Linear(4, 1))
    sample = rows(5)[NUMBERS].astype("float32")
    address = exporting.save_as("pytorch", model, sample, serialization_format="pickle")
    made = exporting.export(address)
    assert made.data.metrics["parity/agreeing"] == 405
    served = mlflow.pyfunc.load_model(made.data.tags["mlops_tui.onnx_model"])
    fresh = rows(30, seed=3)[NUMBERS]
    answered = served.predict(fresh)
    assert list(answered) == ["prediction"]
    expected = _said(model, fresh.to_numpy())[:, 0]
    assert np.allclose(answered["prediction"], expected, atol=1e-5)


def test_a_module_of_images_is_compared_on_the_hold_out_and_bundled(exporting: Exporting) -> None:
    import mlflow
    import pandas as pd

    model, sample = _images().eval(), _sample(2, 1, 4, 4)
    pd.DataFrame(_sample(1_200, 16)).to_csv(exporting.folder / "rows.csv", index=False)
    bundle = exporting.folder / "bundle"
    made = exporting.export(
        exporting.save_as("pytorch", model, sample),
        to="bundle",
        output=str(bundle),
        register_as="images-onnx",
    )
    assert made.data.metrics["parity/agreeing"] == 1_202
    assert made.data.tags["mlops_tui.onnx_version"] == "images-onnx/1"
    served = mlflow.pyfunc.load_model("models:/images-onnx/1")
    fresh = _sample(7, 1, 4, 4)
    answered = served.predict(fresh)
    assert list(answered) == ["prediction_0", "prediction_1"]
    ours = np.column_stack([answered[name] for name in answered])
    assert np.allclose(ours, _said(model, fresh), atol=1e-5)
    checked = subprocess.run(
        [sys.executable, str(bundle / "serve.py"), "--check"], check=False, timeout=PATIENCE
    )
    assert checked.returncode == 0


def test_a_tensor_for_each_row_stays_one_output(exporting: Exporting) -> None:
    import mlflow

    sample, bundle = _sample(3, 5, 2), exporting.folder / "bundle"
    address = exporting.save_as("pytorch", torch.nn.Linear(2, 4), sample)
    plan = {"hold_outs": [{"data": "rows.csv"}], "is_hold_out_named": False}
    made = exporting.export(address, to="bundle", output=str(bundle), **plan)
    assert made.data.metrics["parity/rows"] == 3
    served = mlflow.pyfunc.load_model(made.data.tags["mlops_tui.onnx_model"])
    assert served.predict(_sample(6, 5, 2))["prediction"].shape == (6, 5, 4)
    checked = subprocess.run(
        [sys.executable, str(bundle / "serve.py"), "--check"], check=False, timeout=PATIENCE
    )
    assert checked.returncode == 0


def test_a_length_that_the_signature_leaves_open_varies(exporting: Exporting) -> None:
    import mlflow
    from mlflow.models import ModelSignature
    from mlflow.types import Schema, TensorSpec

    spec = TensorSpec(np.dtype(np.float32), (-1, -1, 2))
    address = exporting.save_as(
        "pytorch", Mean(), _sample(3, 5, 2), signature=ModelSignature(Schema([spec]))
    )
    with pytest.raises(Problem, match="those of the model vary"):
        exporting.export(address)
    made = exporting.export(address, hold_outs=[])
    served = mlflow.pyfunc.load_model(made.data.tags["mlops_tui.onnx_model"])
    fresh = _sample(2, 9, 2)
    assert np.allclose(served.predict(fresh)["prediction_1"], _said(Mean(), fresh)[:, 1])


@pytest.mark.parametrize(
    ("model", "sentence"),
    [
        (Pair(), "gives a tuple; only one tensor"),
        (Total(), "gives 1 values for 3 rows"),
        (Fixed(), r"PyTorch .* cannot export it"),
    ],
)
def test_a_module_that_cannot_be_exported_leaves_a_failed_run_alone(
    exporting: Exporting, model: Any, sentence: str
) -> None:
    address = exporting.save_as("pytorch", model, _sample(3, 2), serialization_format="pickle")
    bundle, plan = exporting.folder / "bundle", {"hold_outs": [], "register_as": "odd-onnx"}
    with pytest.raises(Problem, match=sentence):
        exporting.export(address, to="bundle", output=str(bundle), **plan)
    client = stores.client(exporting.store)
    found = client.get_experiment_by_name("Export")
    assert found is not None
    (made,) = client.search_runs([found.experiment_id])
    assert (made.info.status, made.outputs.model_outputs if made.outputs else []) == ("FAILED", [])
    assert client.search_registered_models() == []
    assert [each.name for each in exporting.folder.glob("bundle*")] == []


def test_a_module_that_takes_one_row_is_refused_with_the_reason(exporting: Exporting) -> None:
    address = exporting.save_as("pytorch", torch.nn.Linear(2, 1), _sample(1, 2))
    with pytest.raises(Problem, match=r"fails on 400 rows of float32: .* example of one row"):
        exporting.export(address)


def test_whole_numbers_are_refused(exporting: Exporting) -> None:
    address = exporting.save_as("pytorch", torch.nn.Embedding(9, 2), np.array([[1, 2], [3, 4]]))
    with pytest.raises(Problem, match="tensor of int64; only float32"):
        exporting.export(address)


def test_the_package_that_torch_needs_is_named_where_it_lacks(
    exporting: Exporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = exporting.save_as("pytorch", torch.nn.Linear(2, 1), _sample(3, 2))
    monkeypatch.setitem(sys.modules, "onnxscript", None)
    with pytest.raises(Problem, match=rf"{sys.executable} has no onnxscript, which the export"):
        exporting.export(address)
