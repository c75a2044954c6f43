"""``mlops-tui retrain``: shows, sets and tries rules of retraining, and goes on with attempts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, GATE, NOTHING
from mlops_tui.cli.output import print_json, print_table, tell
from mlops_tui.cli.retraining_data import (
    ATTEMPT_HEADER,
    attempt_as_dict,
    attempt_row,
    dry_run_as_dict,
    rule_as_dict,
)
from mlops_tui.domain.errors import InvalidInput, NotFound
from mlops_tui.domain.plain_text import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.models.registry_event import Recorded
    from mlops_tui.domain.retraining.attempt import RetrainingAttempt
    from mlops_tui.domain.retraining.retraining_view import StoredRule
    from mlops_tui.settings import Settings

    Action = Callable[[Settings, Mapping[str, Any]], int]

ABOUT = "train a model again by a rule: show, set, try, approve, pause"
DETAILS = """\
train a model again by a rule: show, set, try, approve, pause

  show [MODEL]            print the rule and what it says now; without MODEL all rules
  set MODEL --file F      set the rule from a TOML file (- reads stdin); --remove removes it
  dry-run MODEL           tell when the rule (or that of --file F) would have fired over the chunks
                          that the monitor recorded, and what that would have cost
  now MODEL               begin an attempt whatever the conditions say; --wait goes on with it until
                          it ends or waits for a person
  attempts MODEL          list the attempts with their steps
  approve MODEL           allow the step that an attempt waits for
  decline MODEL           stop the attempt that is underway
  pause MODEL | --all     switch the rule off; --all: every rule
  resume MODEL | --all    switch it on again; --all: those that --all paused

A rule is TOML. It needs the first three keys and at least one condition; any of them makes it fire.

  launch = "JOB or RUN"        what is launched again
  argument = "data"            its parameter that is given the file: old rows and new labelled ones
  monitor = "TITLE or ID"      whose chunks are looked at; its process follows the rule
  drift_share = 0.3            more than 30 % of the columns drifted
  realised_below = "band"      performance by labels: below a number, or outside the usual band
  estimated_below = 0.8        the same, estimated without labels
  labelled_rows = 500          so many new rows with labels; new_rows: with or without
  age_days = 30                age of the version in Production
  every = "sunday 03:00"       or "day 03:00", UTC
  k = 2 / of = 3               in 2 of the last 3 chunks (1 of 1)
  minimum_rows = 100           smaller chunks are passed over
  minimum_labels = 1           nothing is trained with fewer new labelled rows
  cool_down_days = 1 / at_most_per_week = 2 / stop_after_failures = 2
  without_asking = ["train", "register", "gate", "staging", "production"]
                               the steps for which no person is asked (none)

An attempt that fails ends approve and now --wait with 1, one whose version fails the gate with 3.
"""
STDIN = "-"


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("retrain", help=ABOUT, description=DETAILS, **common)
    parser.add_argument("action", metavar="ACTION", choices=ACTIONS, help=", ".join(ACTIONS))
    parser.add_argument("name", metavar="MODEL", nargs="?", default="", help="registered model")
    parser.add_argument("--file", metavar="F", help="TOML file of a rule")
    parser.add_argument("--remove", action="store_true", help="with set: remove the rule")
    parser.add_argument("--all", action="store_true", help="with pause, resume: all rules")
    parser.add_argument("--wait", action="store_true", help="with now, approve: go on with it")
    parser.add_argument("--reason", metavar="TEXT", default="", help="with decline: why")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Do what the action says."""
    from mlops_tui.services.store.store import prepare_environment

    action = arguments["action"]
    if not arguments["name"] and action not in ("show", "pause", "resume"):
        raise InvalidInput(f"retrain {action} needs the name of a model.")
    if settings.read_only and action not in READING:
        raise InvalidInput("Nothing is retrained in read-only mode.", "--no-read-only allows it.")
    prepare_environment()
    return ACTIONS[action](settings, arguments)


def _show(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.retraining import retraining, retraining_rules

    name = arguments["name"]
    names = [name] if name else [r.model for r in retraining_rules.list_rules(settings.store)]
    found = [retraining.read_retraining(settings.store, settings.state_dir, each) for each in names]
    if arguments["json"]:
        shown = [rule_as_dict(each) for each in found]
        print_json(shown[0] if name else shown)
    else:
        for each in found:
            text = _rule_text(each.stored) if each.stored else ""
            print(f"# {each.model}\n{text}" if text else f"# {each.model}: no rule")
            print(f"# {each.sentence}\n")
    if not found:
        tell("No model has a retraining rule.")
    return FINE if any(each.stored for each in found) else NOTHING


def _rule_text(stored: StoredRule) -> str:
    """Return the TOML of a rule; of one that makes no sense, what MLflow has."""
    from mlops_tui.domain.retraining.rule_text import as_toml

    return as_toml(stored.rule) if stored.rule else stored.text


def _set(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.domain.retraining.rule_text import parse_rule
    from mlops_tui.services.retraining import retraining_rules

    if arguments["remove"] == (arguments["file"] is not None):
        raise InvalidInput("retrain set needs --file F, or --remove.")
    name = arguments["name"]
    stored = retraining_rules.read_rule(settings.store, name)
    before = stored.text if stored else ""
    if arguments["remove"]:
        if not before:
            raise NotFound(f"{name} has no retraining rule.")
        answer = retraining_rules.write_rule(settings.store, name, "", before)
    else:
        rule = parse_rule(name, _text(arguments["file"]))
        answer = retraining_rules.set_rule(settings.store, rule, before)
    done = "removed" if arguments["remove"] else "set"
    return _said(f"{name}: the retraining rule is {done}.", arguments, answer)


def _said(sentence: str, arguments: Mapping[str, Any], answer: Recorded[None]) -> int:
    if answer.unrecorded:
        tell(answer.unrecorded)
    if arguments["json"]:
        print_json({"name": arguments["name"], "done": sentence})
    else:
        print(sentence)
    return FINE


def _dry_run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.cli.run_data import moment
    from mlops_tui.domain.retraining.rule_text import parse_rule
    from mlops_tui.services.retraining import evaluation, retraining_rules

    name = arguments["name"]
    if arguments["file"] is None:
        text = retraining_rules.required_rule(settings.store, name).text
    else:
        text = _text(arguments["file"])
    found = evaluation.try_out(settings.store, settings.state_dir, parse_rule(name, text))
    if arguments["json"]:
        print_json(dry_run_as_dict(found))
        return FINE
    print_table(("at", "because"), [(moment(f.at) or "", f.because) for f in found.firings])
    tell(found.sentence)
    return FINE


def _now(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.retraining import retraining

    attempt = retraining.begin_now(settings.store, settings.state_dir, arguments["name"])
    return _ended(settings, arguments, attempt)


def _approve(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.retraining import retraining

    attempt = retraining.approve(settings.store, settings.state_dir, arguments["name"])
    return _ended(settings, arguments, attempt)


def _decline(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.retraining import retraining

    attempt = retraining.decline(
        settings.store, settings.state_dir, arguments["name"], arguments["reason"]
    )
    _print(attempt, arguments)
    return FINE


def _ended(settings: Settings, arguments: Mapping[str, Any], attempt: RetrainingAttempt) -> int:
    """Print an attempt, with ``--wait`` once nothing more happens; return the exit code."""
    import time

    from mlops_tui.cli.log_following import PAUSE
    from mlops_tui.services.retraining import retraining

    sentence = ""
    while arguments["wait"] and attempt.is_underway and not attempt.waits_for_person:
        if attempt.sentence != sentence:
            sentence = attempt.sentence
            tell(sentence)
        time.sleep(PAUSE)
        attempt = retraining.go_on(settings.store, settings.state_dir, attempt)
    _print(attempt, arguments)
    if attempt.failed_gate:
        return GATE
    return NOTHING if attempt.failed_at is not None else FINE


def _print(attempt: RetrainingAttempt, arguments: Mapping[str, Any]) -> None:
    if arguments["json"]:
        print_json(attempt_as_dict(attempt))
        return
    print_table(ATTEMPT_HEADER, [attempt_row(attempt)])
    if attempt.waits_for_person:
        tell(f"It waits for you: mlops-tui retrain approve {attempt.model}, or decline.")


def _attempts(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.retraining import attempt_runs

    found = attempt_runs.list_attempts(settings.store, arguments["name"])
    if arguments["json"]:
        print_json([attempt_as_dict(each) for each in found])
    elif found:
        print_table(ATTEMPT_HEADER, [attempt_row(each) for each in found])
    else:
        tell("Nothing was retrained yet.")
    return FINE if found else NOTHING


def _pause(settings: Settings, arguments: Mapping[str, Any]) -> int:
    from mlops_tui.services.retraining import retraining_rules

    is_pause, name = arguments["action"] == "pause", arguments["name"]
    if bool(name) == arguments["all"]:
        raise InvalidInput(f"retrain {arguments['action']} needs a model, or --all.")
    done = "paused" if is_pause else "resumed"
    if name:
        change = retraining_rules.pause if is_pause else retraining_rules.resume
        return _said(f"{name}: the rule is {done}.", arguments, change(settings.store, name))
    change_all = retraining_rules.pause_all if is_pause else retraining_rules.resume_all
    names = change_all(settings.store)
    if arguments["json"]:
        print_json({done: list(names)})
    else:
        print(f"{counted(len(names), 'rule')} {done}{': ' if names else ''}{', '.join(names)}.")
    return FINE


def _text(name: str) -> str:
    """Return the TOML of a file, or of the standard input."""
    import sys

    from mlops_tui.services.gate import gate_rules

    if name == STDIN:
        data = sys.stdin.buffer.read(gate_rules.LARGEST_FILE + 1)
        return gate_rules.rules_text(data, "The standard input")
    return gate_rules.read_file(Path(name))


ACTIONS: Mapping[str, Action] = {
    "show": _show,
    "set": _set,
    "dry-run": _dry_run,
    "now": _now,
    "attempts": _attempts,
    "approve": _approve,
    "decline": _decline,
    "pause": _pause,
    "resume": _pause,
}
READING = ("show", "dry-run", "attempts")
