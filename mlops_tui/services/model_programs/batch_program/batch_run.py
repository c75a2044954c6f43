"""What batch scoring writes to MLflow: a run with its model, input, output and counts."""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    LoggedModelInput,
    Metric,
    Param,
    RunStatus,
)

from ..run_tags import KIND, MODEL, VERSION, own_tags
from .columns import TYPES
from .output import bad_rows_path
from .source import digest_of

if TYPE_CHECKING:
    import pyarrow as pa
    from mlflow import MlflowClient
    from mlflow.models import Model

    from .partial import Partial
    from .source import Source

EXPERIMENT = "Batch scoring"
"""Where the runs of models go that came from no run."""
BATCH, OUTPUT = "batch", "mlops_tui.output"
BAD_ROWS = "mlops_tui.bad_rows"
LONGEST_DIGEST = 36
"""Characters that MLflow takes."""
LONGEST_SCHEMA = 60_000
LONGEST_PARAM = 500
NAMES = {kind: name for name, kind in TYPES.items()}


class BatchRun:
    """The run of one job, RUNNING until it is ended."""

    def __init__(self, client: MlflowClient, plan: dict[str, Any], model: Model) -> None:
        self._client = client
        self._plan = plan
        self._model_id = str(getattr(model, "model_id", None) or "")
        tags = own_tags() | {KIND: BATCH, OUTPUT: plan["output"]}
        if plan["model"]:
            tags |= {MODEL: plan["model"], VERSION: plan["version"]}
        made = client.create_run(
            _experiment(client, model), run_name=f"{plan['title']}-batch", tags=tags
        )
        self.run_id = str(made.info.run_id)

    def begin(self, source: Source, rows: int) -> None:
        """Write what is scored, how."""
        params = {
            "model_uri": self._plan["address"],
            "input": ", ".join(self._plan["inputs"]),
            "output": self._plan["output"],
            "batch_rows": str(rows),
            "engine": self._plan.get("engine", "local"),
        }
        self._client.log_batch(
            self.run_id, params=[Param(key, v[:LONGEST_PARAM]) for key, v in params.items()]
        )
        columns = {c.name: c.kind for c in source.columns if c.kind is not None}
        given = self._plan["inputs"]
        path = source.files[0] if len(source.files) == 1 else Path(given[0])
        if len(given) > 1:
            path = Path(os.path.commonpath([str(file.parent) for file in source.files]))
        models = [LoggedModelInput(self._model_id)] if self._model_id else None
        told = _dataset(path, source.digest, columns, {"num_files": len(source.files)})
        inputs = [DatasetInput(told, [InputTag("mlflow.data.context", "batch input")])]
        self._client.log_inputs(self.run_id, datasets=inputs, models=models)

    def finish(self, partial: Partial, schema: pa.Schema, output: Path) -> None:
        """Write what came of it, and end the run."""
        written = digest_of([output])
        columns = {field.name: field.type for field in schema}
        told = _dataset(output, written, columns, {"num_rows": partial.rows})
        outputs = [DatasetInput(told, [InputTag("mlflow.data.context", "batch output")])]
        self._client.log_inputs(self.run_id, datasets=outputs)
        now = int(time.time() * 1000)
        counts = {"batch/rows": partial.rows, "batch/bad_rows": partial.bad}
        metrics = [
            Metric(key, float(n), now, 0, model_id=self._model_id or None, run_id=self.run_id)
            for key, n in counts.items()
        ]
        self._client.log_batch(self.run_id, metrics=metrics)
        if partial.bad:
            self._client.set_tag(self.run_id, BAD_ROWS, str(bad_rows_path(output)))
        self._client.set_terminated(self.run_id, RunStatus.to_string(RunStatus.FINISHED))

    def fail(self) -> None:
        """End the run as failed."""
        self._client.set_terminated(self.run_id, RunStatus.to_string(RunStatus.FAILED))


def _experiment(client: MlflowClient, model: Model) -> str:
    """Return the experiment of the run that the model came from, else one for all others."""
    if model.run_id:
        with suppress(Exception):  # it may be gone, or of another store
            return str(client.get_run(model.run_id).info.experiment_id)
    found = client.get_experiment_by_name(EXPERIMENT)
    return str(found.experiment_id if found else client.create_experiment(EXPERIMENT))


def _dataset(
    path: Path, digest: str, columns: dict[str, pa.DataType], profile: dict[str, int]
) -> Dataset:
    specs = [
        {"type": NAMES.get(kind, str(kind)), "name": name, "required": True}
        for name, kind in columns.items()
    ]
    schema = json.dumps({"mlflow_colspec": specs})
    told = {
        "name": path.name or str(path),
        "digest": digest[:LONGEST_DIGEST],
        "source_type": "local",
        "source": json.dumps({"uri": str(path)}),
        "schema": schema if len(schema) <= LONGEST_SCHEMA else None,
        "profile": json.dumps(profile),
    }
    return cast("Dataset", Dataset.from_dictionary(told))
