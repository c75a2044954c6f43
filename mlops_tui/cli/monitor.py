"""``mlops-tui monitor``: sets up, shows and steers the monitors of models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import DRIFT, FINE, NOTHING
from mlops_tui.cli.output import print_json, print_table, tell
from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.home_path import expanded
from mlops_tui.domain.monitoring.monitor import METRICS
from mlops_tui.domain.plain_text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
    from mlops_tui.settings import Settings

ABOUT = "watch the inputs and the performance of models"
DETAILS = f"""\
watch the inputs and the performance of models, chunk by chunk

  add NAME[@ALIAS|/STAGE|/N]   set a monitor up and start it: on the captured requests of its
                               endpoint here, or on --from a folder of files, or a file that grows
  list                         all monitors, verdict first
  show MONITOR                 verdict, alerts, columns by severity, newest chunks
  start, stop, remove MONITOR  start --all goes on with those of this machine that should run
  labels MONITOR FILE          hand labels over: CSV or JSON lines with request_id, label
  ack MONITOR [ALERT]          note that you know of its alerts
  unit MONITOR                 print a systemd user unit and a cron line that keep it running

A chunk is whole after 1000 requests, or with each file; --chunk 500, 15min, 1h. The reference is
what the gate kept of its hold-out, else --reference FILE, else the data set of the version's run.
Metrics of labels: {", ".join(METRICS)}.

The monitor runs on when this command has ended. All it finds out is in MLflow, in the experiment
"Model monitoring". show and list exit with 3 where the newest chunk of a monitor is an alarm.
"""
ACTIONS = ("add", "list", "show", "start", "stop", "remove", "labels", "ack", "unit")
SHOWN = 10
"""Chunks that are shown."""


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("monitor", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("action", metavar="ACTION", choices=ACTIONS, help=", ".join(ACTIONS))
    parser.add_argument("name", metavar="NAME", nargs="?", default="", help="model, or monitor")
    parser.add_argument("file", metavar="FILE", nargs="?", default="", help="labels, or an alert")
    for flag, metavar, about in OPTIONS:
        parser.add_argument(f"--{flag}", metavar=metavar, default="", help=about)
    parser.add_argument(
        "--limit",
        metavar="NAME=X",
        action="append",
        default=[],
        help="effect above which a measure or column is drift; may be repeated",
    )
    parser.add_argument("--chunks", metavar="N", type=int, default=SHOWN, help="show: how many")
    parser.add_argument("--all", action="store_true", help="start: all of this machine")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


OPTIONS = (
    ("from", "PATH", "folder of CSV, Parquet or JSON lines files, or a file that grows"),
    ("endpoint", "ID", "captured requests of this server alone"),
    ("chunk", "SIZE", "1000, 15min, 1h, file (default: 1000 requests, each file)"),
    ("reference", "FILE", "what chunks are compared with, or runs:/RUN/PATH"),
    ("metric", "NAME", "metric of labels (default: accuracy for classes, rmse for numbers)"),
    ("labels", "FILE", "file of labels that grows: request_id, label"),
    ("target", "COLUMN", "column of the label in reference and files (default: label)"),
    ("prediction", "COLUMN", "column of the prediction in files (default: prediction)"),
    ("columns", "A,B", "watch these columns alone"),
    ("title", "TEXT", "name of the monitor (default: what it watches)"),
)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Do what the action says."""
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    action = arguments["action"]
    if action in ("list", "show", "unit"):
        return LOOKS[action](settings, arguments)
    if settings.read_only:
        raise InvalidInput("Monitors are only looked at in read-only mode.", "--no-read-only.")
    if not arguments["name"] and not (action == "start" and arguments["all"]):
        raise InvalidInput(f"monitor {action} needs a NAME.")
    return WRITES[action](settings, arguments)


def _list(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.monitoring import monitors

    found = monitors.list_monitors(settings.store, settings.state_dir)
    if arguments["json"]:
        print_json([_light(each) for each in found])
    elif found:
        rows = [
            (each.plan.title, each.state.value, f"v{each.version}", str(each.chunk_count),
             str(len(each.open_alerts)), each.headline)
            for each in found
        ]  # fmt: skip
        print_table(("monitor", "state", "version", "chunks", "alerts", "verdict"), rows)
    if not found:
        tell("There are no monitors; mlops-tui monitor add NAME sets one up.")
        return NOTHING
    return DRIFT if any(each.last and each.last.alarm for each in found) else FINE


def _light(standing: MonitorStanding) -> dict[str, Any]:
    told = standing.as_dict()
    return {**told, "chunks": told["chunks"][-1:]}


def _show(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.cli.monitor_text import print_standing
    from mlops_tui.services.monitoring import monitors

    most = max(1, arguments["chunks"])
    run_of = monitors.find(settings.store, arguments["name"])
    standing = monitors.read(settings.store, settings.state_dir, run_of.plan.monitor_id, chunks=1)
    if arguments["json"]:
        told = standing.as_dict()
        print_json({**told, "chunks": told["chunks"][-most:]})
    else:
        print_standing(standing, most)
    return DRIFT if standing.last and standing.last.alarm else FINE


def _add(settings: Settings, arguments: Mapping[str, Any]) -> int:
    import os

    from mlops_tui.services.jobs.python_env import find_job_python
    from mlops_tui.services.monitoring import monitor_setup, monitors

    wish = monitor_setup.MonitorWish(
        watched=arguments["name"],
        path=arguments["from"],
        endpoint=arguments["endpoint"],
        chunk=arguments["chunk"],
        reference=arguments["reference"],
        metric=arguments["metric"],
        labels=arguments["labels"],
        target=arguments["target"],
        prediction=arguments["prediction"],
        title=arguments["title"],
        columns=tuple(each.strip() for each in arguments["columns"].split(",") if each.strip()),
        limits=tuple(arguments["limit"]),
        folder=Path.cwd(),
        python=str(find_job_python(settings.python, os.environ).path),
    )
    plan = monitor_setup.plan_monitor(settings.store, settings.state_dir, wish)
    made = monitors.create(settings.store, settings.state_dir, plan)
    chunk = str(plan.chunk)
    where = plan.path or "the captured requests of its endpoint"
    return _told(made, arguments, f"watches v{plan.version} on {where}, chunk by chunk: {chunk}.")


def _start(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.monitoring import monitors

    if arguments["all"]:
        started = monitors.resume(settings.store, settings.state_dir)
        tell(f"Started: {', '.join(started) or 'none'}.")
        return FINE
    run_of = monitors.find(settings.store, arguments["name"])
    standing = monitors.start(settings.store, settings.state_dir, run_of.plan.monitor_id)
    return _told(standing, arguments, "is started.")


def _stop(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.monitoring import monitors

    run_of = monitors.find(settings.store, arguments["name"])
    standing = monitors.stop(settings.store, settings.state_dir, run_of.plan.monitor_id)
    return _told(standing, arguments, "is stopped; what it found out stays.")


def _remove(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.monitoring import monitors

    run_of = monitors.find(settings.store, arguments["name"])
    monitors.remove(settings.store, settings.state_dir, run_of.plan.monitor_id)
    tell(f"{run_of.plan.title} is removed; its runs stay in MLflow.")
    return FINE


def _labels(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.monitoring import monitor_labels

    if not arguments["file"]:
        raise InvalidInput("monitor labels needs a FILE: CSV or JSON lines.")
    taken = monitor_labels.add_labels(
        settings.store, settings.state_dir, arguments["name"], expanded(arguments["file"])
    )
    if arguments["json"]:
        print_json({"taken": taken})
    else:
        print(counted(taken, "label"))
    return FINE if taken else NOTHING


def _acknowledge(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.monitoring import monitor_alerts, monitors

    run_of = monitors.find(settings.store, arguments["name"])
    wanted = [arguments["file"]] if arguments["file"] else []
    found = monitor_alerts.acknowledge(settings.store, run_of.plan.monitor_id, wanted)
    if arguments["json"]:
        print_json([alert.as_dict() for alert in found])
    tell(f"Acknowledged {counted(len(found), 'alert')} of {run_of.plan.title}.")
    return FINE


def _unit(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.monitoring import monitors
    from mlops_tui.services.monitoring.monitor_unit import unit_text

    run_of = monitors.find(settings.store, arguments["name"])
    print(unit_text(settings.store, settings.state_dir, run_of.plan))
    return FINE


def _told(standing: MonitorStanding, arguments: Mapping[str, Any], what: str) -> int:
    if arguments["json"]:
        print_json(_light(standing))
    tell(f"{standing.plan.title} {what}")
    return FINE


LOOKS: dict[str, Callable[[Settings, Mapping[str, Any]], int]] = {
    "list": _list,
    "show": _show,
    "unit": _unit,
}
WRITES: dict[str, Callable[[Settings, Mapping[str, Any]], int]] = {
    "add": _add,
    "start": _start,
    "stop": _stop,
    "remove": _remove,
    "labels": _labels,
    "ack": _acknowledge,
}
