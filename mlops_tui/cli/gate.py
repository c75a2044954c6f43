"""``mlops-tui gate``: shows, sets and runs the gate of a stage."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli import launch_arguments
from mlops_tui.cli.exit_codes import FINE, GATE, NOTHING
from mlops_tui.cli.gate_data import gate_as_dict, state_row, verdict_as_dict
from mlops_tui.cli.output import print_json, print_table, tell
from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.models.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.models.model import ModelVersion
    from mlops_tui.settings import Settings

ABOUT = "show, set or run the rules that a version must pass before a stage"
DETAILS = """\
show, set or run the rules that a version must pass before a stage

  show NAME            print the rules and which versions have passed them
  set NAME --file F    set the rules from a TOML file (- reads stdin); --remove removes them
  run NAME [VERSION]   check a version (default: the newest); wait for the verdict and print it

The rules are TOML, one [[rule]] table each:

  metric = "accuracy"     as logged by the training run, with min or max
  evaluate = "f1_macro"   on a hold-out: data (CSV or Parquet file) or dataset (of the run), target;
                          with min, max or better_by (than the version in the stage); slice = column
  signature = "champion"  accepts what the version in the stage accepts
  example = true          answers its own input example
  p95_ms = 50             time of one-row predictions; max_size_mb = 100: size of its files
  tag = "owner"           has the tag; description = true: has a description
  approved_by = "alice"   has the tag alice=approved

Files are looked for in this directory. run exits with 3 if a rule failed or was not evaluated.
"""
STAGES = {stage.value.lower(): stage for stage in (Stage.STAGING, Stage.PRODUCTION)}
ACTIONS = ("show", "set", "run")
STDIN = "-"


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("gate", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("action", metavar="ACTION", choices=ACTIONS, help="show, set or run")
    parser.add_argument("name", metavar="NAME", help="registered model")
    parser.add_argument("version", metavar="VERSION", nargs="?", help="its version")
    parser.add_argument(
        "--stage",
        type=str.lower,
        choices=STAGES,
        help="stage of the gate (default: the one that has a gate, else production)",
    )
    parser.add_argument(
        "--file",
        metavar="F",
        help="TOML file of rules; with run they are tried: neither they nor the verdict are stored",
    )
    parser.add_argument("--remove", action="store_true", help="with set: remove the gate")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Do what the action says."""
    from mlops_tui.services.gate import gate_rules
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    rules = gate_rules.read_rules(settings.store, arguments["name"])
    stage = STAGES[arguments["stage"]] if arguments["stage"] else _usual_stage(rules)
    if arguments["action"] == "show":
        return _show(settings, arguments, rules)
    if settings.read_only:
        raise InvalidInput("Gates are neither set nor run in read-only mode.")
    if arguments["action"] == "set":
        return _set(settings, arguments, stage, rules.get(stage, ""))
    return _run(settings, arguments, stage)


def _usual_stage(rules: Mapping[Stage, str]) -> Stage:
    return next(iter(rules)) if len(rules) == 1 else Stage.PRODUCTION


def _show(settings: Settings, arguments: Mapping[str, Any], rules: Mapping[Stage, str]) -> int:
    from mlops_tui.services.models.registry import list_versions

    wanted = STAGES.get(arguments["stage"] or "")
    shown = {stage: text for stage, text in rules.items() if wanted in (None, stage)}
    versions = list_versions(settings.store, arguments["name"])
    known = [v for v in versions if arguments["version"] in (None, v.version)]
    if arguments["json"]:
        gates = [gate_as_dict(stage, text, known, versions) for stage, text in shown.items()]
        print_json({"name": arguments["name"], "gates": gates})
    else:
        for stage, text in shown.items():
            print(f"# {stage}\n{text}\n")
        if shown and known:
            header = ("version", "stage", *(f"{stage.value.lower()} gate" for stage in shown))
            print_table(header, [state_row(each, shown, versions) for each in known])
    if not shown:
        where = f" for {wanted}" if wanted else ""
        tell(f"{arguments['name']} has no gate{where}.")
    return FINE if shown else NOTHING


def _set(settings: Settings, arguments: Mapping[str, Any], stage: Stage, before: str) -> int:
    from mlops_tui.services.gate import gate_rules

    if arguments["remove"] == (arguments["file"] is not None):
        raise InvalidInput("gate set needs --file F, or --remove.")
    name = arguments["name"]
    if arguments["remove"] and not before:
        raise NotFound(f"{name} has no gate for {stage}.")
    text = "" if arguments["remove"] else _text(arguments["file"])
    answer = gate_rules.write_rules(settings.store, name, stage, text, before)
    if answer.unrecorded:
        tell(answer.unrecorded)
    if arguments["json"]:
        print_json({"name": name, "stage": stage.value, "rules": text})
    tell(f"{name}: the gate for {stage} is {'set' if text else 'removed'}.")
    return FINE


def _run(settings: Settings, arguments: Mapping[str, Any], stage: Stage) -> int:
    import os

    from mlops_tui.services.gate.gate_job import GateRequest, launch_gate
    from mlops_tui.services.gate.verdicts import read_trial, read_verdict
    from mlops_tui.services.jobs.python_env import find_job_python

    name = arguments["name"]
    version = _version(settings, name, arguments["version"])
    text = "" if arguments["file"] is None else _text(arguments["file"])
    python = find_job_python(settings.python, os.environ).path
    request = GateRequest(name, version.version, stage, Path.cwd(), text)
    record = launch_gate(settings.store, settings.state_dir, python, request)
    if record.waits:
        tell("The gate waits for a free slot; mlops-tui queue shows its position.")
    ended = launch_arguments.ended(settings, record, quiet=arguments["json"])
    if ended.exit_code != 0:
        tell(ended.reason or f"The gate of {ended.title} {ended.state.value}.")
        return GATE
    if text:
        verdict = read_trial(settings.store, version, stage, text, record.process_id)
    else:
        version = _version(settings, name, version.version)
        verdict = read_verdict(settings.store, version, stage)
    if arguments["json"]:
        print_json(verdict_as_dict(verdict))
    else:
        from mlops_tui.domain.gate.verdict_cells import HEADER, cells

        print_table(HEADER, [cells(each) for each in verdict.results])
    for remark in verdict.remarks:
        tell(remark)
    tell(f"{name} v{version.version} {verdict.status} the gate for {stage}.")
    return FINE if verdict.passed else GATE


def _version(settings: Settings, name: str, wanted: str | None) -> ModelVersion:
    """Return the version that is named, else the newest one."""
    from mlops_tui.services.models.registry import list_versions

    versions: Sequence[ModelVersion] = list_versions(settings.store, name)
    found = next((each for each in versions if wanted in (None, each.version)), None)
    if found is None:
        which = "versions" if wanted is None else f"version {wanted or repr(wanted)}"
        raise NotFound(f"{name} has no {which}.")
    return found


def _text(name: str) -> str:
    """Return the rules in a file; those of an empty one are not the stored rules."""
    from mlops_tui.services.gate import gate_rules

    if name == STDIN:
        data = sys.stdin.buffer.read(gate_rules.LARGEST_FILE + 1)
        text = gate_rules.rules_text(data, "The standard input")
    else:
        text = gate_rules.read_file(Path(name))
    if not text.strip():
        raise InvalidInput(f"{name} is empty.", "gate set --remove removes a gate.")
    return text
