"""Gates and verdicts as JSON and as table cells."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.run_data import moment
from mlops_tui.domain.gate.rules import gate_tag
from mlops_tui.domain.gate.verdict import GateState, champion_of, gate_state

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mlops_tui.domain.gate.verdict import Verdict
    from mlops_tui.domain.models.model import ModelVersion
    from mlops_tui.domain.models.stage import Stage


def gate_as_dict(
    stage: Stage, text: str, shown: Sequence[ModelVersion], versions: Sequence[ModelVersion]
) -> dict[str, Any]:
    """Return a gate with the state of versions in it."""
    states = {each.version: _state(each, stage, text, versions).value for each in shown}
    return {"stage": stage.value, "rules": text, "state_of_version": states}


def state_row(
    version: ModelVersion, rules: Mapping[Stage, str], versions: Sequence[ModelVersion]
) -> tuple[str, ...]:
    """Return a version with its state in each gate."""
    states = (_state(version, stage, text, versions).value for stage, text in rules.items())
    return (f"v{version.version}", version.stage.value, *states)


def verdict_as_dict(verdict: Verdict) -> dict[str, Any]:
    """Return a verdict with its rules."""
    return {
        "name": verdict.model,
        "version": verdict.version,
        "stage": verdict.stage.value,
        "status": verdict.status,
        "run_id": verdict.run_id,
        "champion": verdict.champion or None,
        "rules_digest": verdict.rules_digest,
        "at": moment(verdict.at),
        "remarks": list(verdict.remarks),
        "rules": [asdict(result) for result in verdict.results],
    }


def _state(
    version: ModelVersion, stage: Stage, text: str, versions: Sequence[ModelVersion]
) -> GateState:
    champion = champion_of(versions, stage, version.version)
    return gate_state(version, stage, {gate_tag(stage): text}, champion)
