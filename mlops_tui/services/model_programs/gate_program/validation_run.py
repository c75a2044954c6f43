"""What the gate writes to MLflow: the validation run, then the tags of the version."""

from __future__ import annotations

import json
import time
import warnings
from typing import TYPE_CHECKING, Any, cast

from mlflow.entities import (
    Dataset,
    DatasetInput,
    InputTag,
    LoggedModelInput,
    Metric,
    Param,
    RunStatus,
    RunTag,
    ViewType,
)

from ..problem import Problem
from ..run_tags import KIND, MODEL, VERSION, own_tags
from . import reference

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from .checks import Checks, Row

GATE, STAGE = "gate", "mlops_tui.stage"
CHAMPION, VERDICT = "mlops_tui.champion", "mlops_tui.verdict"
AFTER, GATE_RUN = "mlops_tui.after", "mlops_tui.gate_run"
"""Tags of an event in the history of a model."""
REMARK = "mlops_tui.remark"
TABLE, RULES = "gate/rules.json", "gate/rules.toml"
LONGEST_PARAM = 500
MOST_PARAMS, AT_ONCE = 100, 1_000
"""What MLflow takes of params and metrics in one call."""
MOST_OPEN = 100
"""Open runs of gates that are looked at."""


class ValidationRun:
    """The run of one gate, RUNNING until it is ended."""

    def __init__(self, client: MlflowClient, plan: dict[str, Any]) -> None:
        tags = own_tags() | {
            KIND: GATE,
            MODEL: plan["model"],
            VERSION: plan["version"],
            STAGE: plan["stage"],
            CHAMPION: plan["champion"],
        }
        made = client.create_run(plan["experiment_id"], run_name=plan["run_name"], tags=tags)
        self.run_id = str(made.info.run_id)
        self._started = (int(made.info.start_time), self.run_id)
        self._client = client
        self._plan = plan

    def refuse_second(self) -> None:
        """Raise ``Problem`` where another gate of the version began before, after deleting this."""
        open_runs = self._client.search_runs(
            [self._plan["experiment_id"]],
            f"tags.`{KIND}` = '{GATE}' and attributes.status = 'RUNNING'",
            ViewType.ACTIVE_ONLY,
            MOST_OPEN,
        )
        for other in open_runs:
            is_same = all(
                other.data.tags.get(tag) == self._plan[key]
                for tag, key in ((MODEL, "model"), (VERSION, "version"), (STAGE, "stage"))
            )
            if is_same and (int(other.info.start_time), other.info.run_id) < self._started:
                self._client.set_terminated(self.run_id, "KILLED")
                self._client.delete_run(self.run_id)
                raise Problem(
                    f"The gate of {self._plan['model']} v{self._plan['version']} is run already, "
                    f"in run {other.info.run_id}; wait for its end. If its process is gone, "
                    "end that run."
                )

    def write(self, checks: Checks, rows: list[Row], status: str) -> None:
        """Write what was found out, and end the run."""
        self._inputs(checks)
        columns = [row.as_dict() for row in rows]
        table = {name: [each[name] for each in columns] for name in columns[0]}
        self._client.log_table(self.run_id, table, TABLE)
        self._client.log_text(self.run_id, self._plan["text"], RULES)
        reference.keep(self._client, self.run_id, checks)
        metrics = self._metrics(checks)
        params = [
            Param(f"rule_{n}", f"{row.rule} {row.limit}"[:LONGEST_PARAM])
            for n, row in enumerate(rows[:MOST_PARAMS], 1)
        ]
        tags = [RunTag(VERDICT, status)]
        if checks.remarks:
            tags.append(RunTag(REMARK, "; ".join(checks.remarks)[:LONGEST_PARAM]))
        self._client.log_batch(self.run_id, metrics[:AT_ONCE], params, tags)
        for start in range(AT_ONCE, len(metrics), AT_ONCE):
            self._client.log_batch(self.run_id, metrics[start : start + AT_ONCE])
        self._client.set_terminated(self.run_id, RunStatus.to_string(RunStatus.FINISHED))

    def fail(self) -> None:
        """End the run as failed; it leaves no verdict."""
        self._client.set_terminated(self.run_id, RunStatus.to_string(RunStatus.FAILED))

    def note_on_version(self, status: str) -> None:
        """Write the verdict to the version, the tag that admits it last."""
        name, number = self._plan["model"], self._plan["version"]
        note = {
            "status": status,
            "run": self.run_id,
            "rules": self._plan["digest"],
            "champion": self._plan["champion"],
            "at": int(time.time() * 1000),
            "created": self._plan["created_at"],
        }
        tags = {"validation_status": status, "validation_run_id": self.run_id}
        for key, value in (tags | {self._plan["tag"]: json.dumps(note)}).items():
            self._client.set_model_version_tag(name, number, key, value)

    def record(self, status: str) -> None:
        """Write the verdict to the history of the model, if there is one to write to."""
        event = self._plan["event"]
        if event is None:
            return
        tags = event["tags"] | {AFTER: status, GATE_RUN: self.run_id}
        name = event["name"].replace(event["tags"][AFTER], status)
        made = self._client.create_run(event["experiment_id"], tags=tags, run_name=name)
        self._client.set_terminated(made.info.run_id)

    def _inputs(self, checks: Checks) -> None:
        sets = {(each.dataset.name, each.dataset.digest): each for each in checks.hold_outs()}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # hints for whoever infers a signature
            described = [each.dataset.to_dict() for each in sets.values()]
        context = InputTag("mlflow.data.context", "validation")
        given = [
            DatasetInput(cast("Dataset", Dataset.from_dictionary(each)), [context])
            for each in described
        ]
        model_id = self._plan["model_id"]
        models = [LoggedModelInput(model_id)] if model_id else None
        self._client.log_inputs(self.run_id, datasets=given, models=models)

    def _metrics(self, checks: Checks) -> list[Metric]:
        now = int(time.time() * 1000)
        found = []
        for measure in checks.measures:
            dataset = measure.rows.dataset if measure.rows else None
            found.append(
                Metric(
                    f"validation/{_allowed(measure.key)}",
                    measure.value,
                    now,
                    0,
                    model_id=self._plan["model_id"] or None,
                    dataset_name=dataset.name if dataset else None,
                    dataset_digest=dataset.digest if dataset else None,
                    run_id=self.run_id,
                )
            )
        return found


def _allowed(key: str) -> str:
    """Return a key in the signs that MLflow takes in names of metrics."""
    return "".join(sign if sign.isalnum() or sign in "_-. :/=" else "_" for sign in key).replace(
        "=", ":"
    )
