"""What an export writes to MLflow: a run with the parity, the ONNX model, its version."""

from __future__ import annotations

import warnings
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import mlflow
import numpy as np
from mlflow.entities import LoggedModelInput, Param, RunStatus
from mlflow.models import Model, ModelSignature, infer_signature
from mlflow.types import ColSpec, Schema, TensorSpec

from ..problem import say
from ..run_tags import KIND, MODEL, VERSION, own_tags
from . import rows, text_flavor
from .columns import TENSOR

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from ..gate_program.model import Version
    from .exported_model import Export

EXPORT, OUTPUT = "export", "mlops_tui.output"
ONNX_MODEL = "mlops_tui.onnx_model"
"""The tag with the URI of the model that was logged."""
VERSION_MADE = "mlops_tui.onnx_version"
EXPERIMENT = "Export"
"""Where the runs of models go that came from no run."""
LONGEST_PARAM = 500


class ExportRun:
    """The run of one export, RUNNING until it is ended."""

    def __init__(self, client: MlflowClient, plan: dict[str, Any]) -> None:
        self._client = client
        self._plan = plan
        self._uri = self._model_id = ""
        tags = own_tags() | {KIND: EXPORT}
        if plan["model"]:
            tags |= {MODEL: plan["model"], VERSION: plan["version"]}
        made = client.create_run(
            self._experiment(), run_name=f"{plan['title']}-{plan['to']}", tags=tags
        )
        self.run_id = str(made.info.run_id)
        told = {"model_uri": plan["address"], "to": plan["to"], "output": plan["output"]}
        params = [Param(key, value[:LONGEST_PARAM]) for key, value in told.items() if value]
        client.log_batch(self.run_id, params=params)

    def log_parity(self, found: Export) -> None:
        """Write what comparing found out, with the data that it was found out on."""
        parity = found.parity
        counts = {
            "parity/rows": parity.rows,
            "parity/agreeing": parity.agreeing,
            "parity/ties": parity.ties,
            "parity/differing": len(parity.differing),
            "parity/largest_difference": parity.farthest,
        }
        for key, value in counts.items():
            self._client.log_metric(self.run_id, key, float(value))
        if found.differences:
            table = {key: [each[key] for each in found.differences] for key in found.differences[0]}
            self._client.log_table(self.run_id, table, "parity/differences.json")
        model_id = self._plan["model_id"]
        if found.data is None:
            return
        with mlflow.start_run(run_id=self.run_id), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # hints for whoever infers a signature
            source = LoggedModelInput(model_id) if model_id else None
            mlflow.log_input(found.data.dataset, context="validation", model=source)

    def log_model(self, found: Export, source: Version) -> str:
        """Log the ONNX model as one of its own; return its URI."""
        sample = rows.as_declared(found.sample, found.columns)
        with mlflow.start_run(run_id=self.run_id), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = Model.log(
                None,
                text_flavor if found.columns.texts else mlflow.onnx,
                name="onnx",
                onnx_model=found.model,
                signature=_signature(found, source, sample),
                input_example=sample,
                pip_requirements=_requirements(),
                onnx_execution_providers=["CPUExecutionProvider"],
                tags=self._tags(found),
            )
        self._uri, self._model_id = str(made.model_uri), str(made.model_id or "")
        self._client.set_tag(self.run_id, ONNX_MODEL, self._uri)
        say(f"Logged as {self._uri}.")
        return self._uri

    def register(self, found: Export) -> None:
        """Register the ONNX model as the newest version of a registered model."""
        from mlflow.exceptions import MlflowException

        name = self._plan["register_as"]
        with suppress(MlflowException):  # it is there; if not, the next call says so
            self._client.create_registered_model(name)
        made = self._client.create_model_version(
            name,
            self._uri,
            run_id=self.run_id,
            tags=self._tags(found),
            description=f"{self._plan['title']} in ONNX: {found.parity.describe()}.",
            model_id=self._model_id or None,
        )
        self._client.set_tag(self.run_id, VERSION_MADE, f"{name}/{made.version}")
        say(f"Registered as {name} v{made.version}.")

    def finish(self) -> None:
        """End the run."""
        if self._plan["output"]:
            self._client.set_tag(self.run_id, OUTPUT, self._plan["output"])
        self._client.set_terminated(self.run_id, RunStatus.to_string(RunStatus.FINISHED))

    def fail(self) -> None:
        """End the run as failed."""
        with suppress(Exception):  # why the export failed says more
            self._client.set_terminated(self.run_id, RunStatus.to_string(RunStatus.FAILED))

    def _tags(self, found: Export) -> dict[str, str]:
        source = {"source_model_id": self._plan["model_id"], "source_model": self._plan["address"]}
        return {key: value for key, value in source.items() if value} | found.tags()

    def _experiment(self) -> str:
        """Return the experiment of the run that the model came from, else one for all others."""
        if run_id := self._plan["run_id"]:
            with suppress(Exception):  # it may be gone
                return str(self._client.get_run(run_id).info.experiment_id)
        there = self._client.get_experiment_by_name(EXPERIMENT)
        return str(there.experiment_id if there else self._client.create_experiment(EXPERIMENT))


def _signature(found: Export, source: Version, sample: Any) -> ModelSignature:
    """Return the columns of the source model, numbers as doubles, and the outputs in ONNX."""
    import onnxruntime
    import pandas as pd

    session = onnxruntime.InferenceSession(
        found.model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    ranks = {each.name: len(each.shape) for each in session.get_inputs()}
    answered = session.run(None, rows.feeds(found.sample, found.columns, ranks))
    names = [each.name for each in session.get_outputs()]
    said = dict(zip(names, answered, strict=True))
    if any(each.ndim > 1 for each in answered):
        outputs = infer_signature(sample, said).outputs
    else:
        outputs = infer_signature(sample, pd.DataFrame(said)).outputs
    if found.columns.shape is not None:
        row = (-1 if length is None else length for length in found.columns.shape)
        inputs = Schema([TensorSpec(np.dtype(found.columns.dtype), (-1, *row), TENSOR)])
        return ModelSignature(inputs, outputs)
    required = {str(each.name): each.required for each in source.inputs or ()}
    specs: list[ColSpec | TensorSpec] = [
        ColSpec(
            "string" if name in found.columns.texts else "double",
            name,
            required=required.get(name, True),
        )
        for name in found.columns.names
    ]
    return ModelSignature(Schema(specs), outputs)


def _requirements() -> list[str]:
    from importlib.metadata import version

    return [f"{name}=={version(name)}" for name in ("onnx", "onnxruntime", "numpy", "pandas")]
