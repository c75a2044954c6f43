"""The form of a monitor says what its command says."""

import shlex
from pathlib import Path

from mlops_tui.cli.parser import parse
from mlops_tui.services.monitoring.monitor_setup import MonitorWish
from mlops_tui.tui.monitoring.monitor_fields import FIELDS, FLAGS, command_of, wish_of

TEXTS = {
    "model": " churn@champion ",
    "rows from": "in coming",
    "endpoint": "",
    "chunk": "1h",
    "reference": "hold out.parquet",
    "metric": "f1",
    "labels": "labels.csv",
    "target": "label",
    "prediction": "score",
    "columns": "age, city",
    "limits": "age=0.2, js=0.15",
    "title": "the [b]one",
}


def test_every_field_has_a_flag_and_all_of_them_reach_the_wish() -> None:
    assert {each.name for each in FIELDS} == {"model", *FLAGS} == set(TEXTS)
    assert wish_of(TEXTS, "python") == MonitorWish(
        watched="churn@champion",
        path="in coming",
        chunk="1h",
        reference="hold out.parquet",
        metric="f1",
        labels="labels.csv",
        target="label",
        prediction="score",
        title="the [b]one",
        columns=("age", "city"),
        limits=("age=0.2", "js=0.15"),
        folder=Path.cwd(),
        python="python",
    )


def test_the_command_line_means_the_same() -> None:
    found = parse(shlex.split(command_of({**TEXTS, "endpoint": "abc"}))[1:])
    assert (found["action"], found["name"]) == ("add", "churn@champion")
    told = {name: text.strip() for name, text in TEXTS.items() if name not in ("model", "limits")}
    flags = {FLAGS[name].strip("-"): text for name, text in told.items()} | {"endpoint": "abc"}
    assert {name: found[name] for name in flags} == flags
    assert found["limit"] == ["age=0.2", "js=0.15"]


def test_what_is_empty_is_left_out_of_the_command() -> None:
    assert command_of(dict.fromkeys(TEXTS, "") | {"model": "churn"}) == (
        "mlops-tui monitor add churn"
    )
