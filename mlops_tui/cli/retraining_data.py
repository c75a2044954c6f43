"""Rules and attempts of retraining as JSON and as table cells."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.run_data import moment

if TYPE_CHECKING:
    from mlops_tui.domain.retraining.attempt import RetrainingAttempt
    from mlops_tui.domain.retraining.dry_run import DryRun
    from mlops_tui.domain.retraining.retraining_view import Retraining

ATTEMPT_HEADER = ("began", "because", "step", "waits for", "version", "says")


def rule_as_dict(found: Retraining) -> dict[str, Any]:
    """Return the rule of a model with what it says now."""
    stored = found.stored
    return {
        "name": found.model,
        "rule": stored.text if stored else None,
        "problem": stored.problem if stored else "",
        "paused": bool(stored and stored.rule and stored.rule.paused),
        "sentence": found.sentence,
        "underway": attempt_as_dict(found.underway) if found.underway else None,
    }


def dry_run_as_dict(found: DryRun) -> dict[str, Any]:
    """Return what a rule would have done. Times are ms since the epoch, lengths ms."""
    return {**asdict(found), "cost": found.cost, "sentence": found.sentence}


def attempt_as_dict(attempt: RetrainingAttempt) -> dict[str, Any]:
    """Return an attempt. Times are milliseconds since the epoch."""
    told = asdict(attempt)
    return {**told, "approved": sorted(told["approved"])}


def attempt_row(attempt: RetrainingAttempt) -> tuple[str, ...]:
    """Return the cells of an attempt, by ``ATTEMPT_HEADER``."""
    waits = "a person" if attempt.waits_for_person else ""
    version = f"v{attempt.version}" if attempt.version else ""
    began = moment(attempt.fired_at) or ""
    return (began, attempt.because, attempt.step.value, waits, version, attempt.sentence)
