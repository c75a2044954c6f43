"""Trains an estimator and logs it as an MLflow run: data, params, metrics, model."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mlflow
import pandas as pd
from mlflow.data.pandas_dataset import from_pandas
from sklearn.metrics import classification_report, confusion_matrix
from sklearn.model_selection import train_test_split

from mlops_tui.recipes import file_datasets, model_log, scores
from mlops_tui.recipes.fields import Values, number, text, whole
from mlops_tui.recipes.file_datasets import Split
from mlops_tui.recipes.growth import fit

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from sklearn.base import ClassifierMixin


@dataclass(frozen=True, slots=True)
class Data:
    """The rows with their classes; ``stratified`` splits them with the same share of each class.

    Of rows that come from a ``file``, those held out are kept beside the run, for a gate to use.
    """

    name: str
    X: pd.DataFrame
    y: "np.ndarray"
    stratified: bool = False
    target: str = "target"
    file: "Path | None" = None


def run(values: Values, data: Data, estimator: "ClassifierMixin", model_name: str) -> None:
    """Train, measure and log; an error ends the run as FAILED."""
    model_log.check()
    mlflow.set_experiment(text(values, "experiment"))
    with mlflow.start_run(run_name=text(values, "run_name")) as active:
        say(f"Run {active.info.run_id} in experiment {text(values, 'experiment')}")
        mlflow.log_params(_params(values))
        split = _split(values, data)
        if data.file is None:
            _log_datasets(data.name, split)
        else:
            file_datasets.log(active.info.run_id, data.file, split, data.target)
        say(f"Training on {len(split.X_train)} rows of {data.name}")
        seconds = fit(estimator, split.X_train, split.y_train, split.X_test, split.y_test)
        measured = scores.measure(estimator, split.X_test, split.y_test)
        mlflow.log_metrics({**measured, "fit_seconds": seconds})
        say(f"Accuracy {measured['accuracy']:.3f} on {len(split.X_test)} rows")
        _log_report(split, estimator.predict(split.X_test))
        info = model_log.log(estimator, model_name, split.X_train, split.X_test)
        say(f"Model {model_name} logged as {info.model_uri}")


def say(line: str) -> None:
    """Print a line to the job's log."""
    print(line, flush=True)  # noqa: T201 - the job's log


def _params(values: Values) -> dict[str, object]:
    """Return the params to log: all that are set, without experiment and run name."""
    filed = ("experiment", "run_name")
    return {
        name: value for name, value in values.items() if name not in filed and value is not None
    }


def _split(values: Values, data: Data) -> Split:
    X_train, X_test, y_train, y_test = train_test_split(
        data.X,
        data.y,
        test_size=number(values, "test_share"),
        random_state=whole(values, "random_state"),
        stratify=data.y if data.stratified else None,
    )
    return Split(X_train, X_test, y_train, y_test)


def _log_datasets(name: str, split: Split) -> None:
    parts = (("training", split.X_train, split.y_train), ("test", split.X_test, split.y_test))
    for context, X, y in parts:
        rows = from_pandas(X.assign(target=y), name=name, targets="target")
        mlflow.log_input(rows, context=context)


def _log_report(split: Split, predicted: "np.ndarray") -> None:
    """Log a classification report, the confusion matrix and a row to query a server with."""
    report = classification_report(split.y_test, predicted, zero_division=0)
    mlflow.log_text(report, "classification_report.txt")
    matrix = confusion_matrix(split.y_test, predicted)
    mlflow.log_dict({"rows are true classes": matrix.tolist()}, "confusion_matrix.json")
    first = split.X_test.head(1)
    row = {"columns": list(first.columns), "data": first.to_numpy().tolist()}
    mlflow.log_dict(row, "first_test_row.json")
