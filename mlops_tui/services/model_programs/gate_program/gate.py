"""Runs a gate from its plan to its verdict."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..problem import Problem, in_words, say

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from .checks import Checks, Row

PASSED, FAILED = "passed", "failed"


def run(plan: dict[str, Any]) -> str:
    """Run the gate; return the verdict. Raises ``Problem`` where there is none."""
    say(f"Gate of {plan['model']} v{plan['version']} for {plan['stage']}.")
    from mlflow import MlflowClient

    from .validation_run import ValidationRun

    client = MlflowClient()
    validation = ValidationRun(client, plan)
    validation.refuse_second()
    try:
        checks = _checks(client, plan)
        rows = _rows(checks, plan["rules"])
        status = FAILED if any(row.blocks for row in rows) else PASSED
        validation.write(checks, rows, status)
        if not plan["is_trial"]:
            validation.note_on_version(status)
    except Exception as error:
        validation.fail()
        if isinstance(error, Problem):
            raise
        raise Problem(f"The gate could not be finished: {in_words(error)}") from error
    try:
        validation.record(status)
    except Exception as error:  # noqa: BLE001 - the verdict counts all the same
        say(f"The history of the model lacks it: {in_words(error)}")
    say(f"Verdict: {status}. Validation run {validation.run_id}.")
    return status


def _checks(client: MlflowClient, plan: dict[str, Any]) -> Checks:
    from .checks import Checks
    from .model import Version

    entry = client.get_model_version(plan["model"], plan["version"])
    has_champion = bool(plan["champion"])
    return Checks(
        client=client,
        entry=entry,
        candidate=Version(plan["version"], plan["address"]),
        champion=Version(plan["champion"], plan["champion_address"]) if has_champion else None,
        run_id=plan["run_id"],
        metrics=_logged(client, plan["run_id"], plan["model_id"]),
        champion_metrics=_logged(client, plan["champion_run_id"], ""),
        folder=Path(plan["folder"]),
    )


def _logged(client: MlflowClient, run_id: str, model_id: str) -> dict[str, float]:
    """Return the metrics of the training run, before those of the logged model."""
    found: dict[str, float] = {}
    try:
        if model_id:
            metrics = client.get_logged_model(model_id).metrics or []
            found = {each.key: each.value for each in metrics}
        if run_id:
            found |= client.get_run(run_id).data.metrics
    except Exception as error:  # noqa: BLE001 - the rules that need them say that there are none
        say(f"Logged metrics cannot be read: {in_words(error)}")
    return found


def _rows(checks: Checks, rules: list[dict[str, Any]]) -> list[Row]:
    found: list[Row] = []
    for number, rule in enumerate(rules, 1):
        say(f"step {number}/{len(rules)}: {rule['text']}")
        for row in checks.rows_of(rule):
            row.number = number
            say(f"  {row.outcome}: {row.rule} {row.reason}".rstrip())
            found.append(row)
    return found
