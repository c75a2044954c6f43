"""The fields of the form that sets a monitor up, and the command that does the same."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from mlops_tui.domain.jobs.recipe import Parameter
from mlops_tui.domain.monitoring.monitor import METRICS, ROWS
from mlops_tui.services.monitoring.monitor_setup import MonitorWish

FIELDS = (
    Parameter("model", None, "NAME@alias, NAME/Stage or NAME/3; NAME is its newest"),
    Parameter("rows from", None, "a folder or a file; empty: captured requests", optional=True),
    Parameter("endpoint", None, "whose requests; empty: all of the model here", optional=True),
    Parameter("chunk", None, f"{ROWS}, 15min, 1h, 1d, file (each)", optional=True),
    Parameter("reference", None, "a file; empty: what the gate kept", optional=True),
    Parameter("metric", None, "of the predictions", optional=True, choices=METRICS),
    Parameter("labels", None, "a file with request_id and label", optional=True),
    Parameter("target", None, "column of the label in the reference", optional=True),
    Parameter("prediction", None, "column of predictions in files", optional=True),
    Parameter("columns", None, "a,b,c; empty: all", optional=True),
    Parameter("limits", None, "age=0.2, js=0.15; each is 0.1", optional=True),
    Parameter("title", None, "empty: what it watches", optional=True),
)
FLAGS = {
    "rows from": "--from",
    "endpoint": "--endpoint",
    "chunk": "--chunk",
    "reference": "--reference",
    "metric": "--metric",
    "labels": "--labels",
    "target": "--target",
    "prediction": "--prediction",
    "columns": "--columns",
    "limits": "--limit",
    "title": "--title",
}


def wish_of(texts: Mapping[str, str], python: str = "") -> MonitorWish:
    """Return what the fields say, as they are typed."""
    told = {name: text.strip() for name, text in texts.items()}
    return MonitorWish(
        watched=told["model"],
        path=told["rows from"],
        endpoint=told["endpoint"],
        chunk=told["chunk"],
        reference=told["reference"],
        metric=told["metric"],
        labels=told["labels"],
        target=told["target"],
        prediction=told["prediction"],
        title=told["title"],
        columns=_several(told["columns"]),
        limits=_several(told["limits"]),
        folder=Path.cwd(),
        python=python,
    )


def _several(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.split(",") if each.strip())


def command_of(texts: Mapping[str, str]) -> str:
    """Return the command line that sets the same monitor up."""
    words = ["mlops-tui", "monitor", "add", texts["model"].strip()]
    for name, flag in FLAGS.items():
        text = texts[name].strip()
        for value in _several(text) if name == "limits" else [text] if text else []:
            words += [flag, value]
    return shlex.join(words)
