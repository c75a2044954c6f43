"""``mlops-tui status``: where every registered model stands, and what needs a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_json, print_table, tell
from mlops_tui.domain.loop.need import Urgency

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mlops_tui.cli.sub_command import Commands
    from mlops_tui.domain.loop.loop_line import Loop, LoopLine
    from mlops_tui.domain.loop.need import Need
    from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
    from mlops_tui.domain.serving.model_server import ModelServer
    from mlops_tui.settings import Settings

ABOUT = "show where every registered model stands, and what needs you; exits with 1 if any does now"

COLUMNS = (
    *("model", "needs", "production", "gate", "drift", "endpoint"),
    *("retraining", "data", "last run"),
)


def add_to(commands: Commands, common: Mapping[str, Any]) -> None:
    """Add the sub-command."""
    parser = commands.add_parser("status", help=ABOUT, description=ABOUT, **common)
    parser.add_argument("model", metavar="MODEL", nargs="*", help="only these registered models")
    parser.add_argument("--json", action="store_true", help="as JSON, for programs")
    parser.set_defaults(run=run)


def run(settings: Settings, arguments: Mapping[str, Any]) -> int:
    """Print the lines; return 1 where something needs a person now."""
    from mlops_tui.services.loop.loop_reading import read_loop
    from mlops_tui.services.store.store import prepare_environment

    prepare_environment()
    loop = read_loop(settings.store, settings.state_dir)
    wanted = frozenset(arguments["model"])
    lines = [line for line in loop.lines if not wanted or line.model in wanted]
    missing = sorted(wanted - {line.model for line in loop.lines})
    if arguments["json"]:
        print_json(_as_dict(loop, lines))
    elif lines:
        print_table(COLUMNS, [_row(line) for line in lines])
    elif not missing:
        tell("There are no registered models.")
    if missing:
        tell(f"There is no registered model {missing[0]!r}.")
    calls = any(need.urgency is Urgency.NOW for line in lines for need in line.needs)
    return NOTHING if calls or missing else FINE


def _row(line: LoopLine) -> tuple[str, ...]:
    facts, run_ = line.facts, line.facts.last_run
    return (
        line.model,
        f"{line.need.urgency.name.lower()}: {line.need.sentence}" if line.need else "nothing",
        f"v{facts.production}" if facts.production else "",
        facts.gate.value if facts.production else "",
        _drift(line.monitor),
        _endpoint(line.endpoint),
        _retraining(line),
        f"{facts.data.name}@{facts.data.short_digest}" if facts.data else "",
        f"{run_.name} {run_.status}" if run_ else "",
    )


def _drift(standing: MonitorStanding | None) -> str:
    if standing is None or (chunk := standing.last) is None:
        return standing.state.value if standing else ""
    measured = chunk.realised or chunk.estimated
    value = f" {chunk.metric} {measured.value:.3g}" if measured else ""
    return f"{chunk.columns_drifted} of {chunk.columns} columns{value}"


def _retraining(line: LoopLine) -> str:
    if line.attempt and line.attempt.is_underway:
        return f"{line.attempt.step}{' waits' if line.attempt.waits_for_person else ''}"
    if line.facts.rule is None:
        return "rule unreadable" if line.facts.rule_problem else ""
    return "paused" if line.facts.rule.paused else "on"


def _endpoint(server: ModelServer | None) -> str:
    if server is None:
        return ""
    figures = server.figures
    told = f" {figures.per_second:.3g}/s" if figures else ""
    slow = f" p95 {figures.p95_ms:.3g} ms" if figures and figures.p95_ms is not None else ""
    return f"{server.state}{told}{slow}"


def _as_dict(loop: Loop, lines: list[LoopLine]) -> dict[str, object]:
    needs = [need for line in lines for need in line.needs]
    return {
        "needs_attention": any(need.urgency is Urgency.NOW for need in needs),
        "read_at": loop.read_at,
        "models": [_line_as_dict(line) for line in lines],
    }


def _line_as_dict(line: LoopLine) -> dict[str, object]:
    facts, run_, following = line.facts, line.facts.last_run, line.facts.next_stage
    data = {"name": facts.data.name, "digest": facts.data.digest} if facts.data else None
    run_data = (
        {"run_id": run_.run_id, "name": run_.name, "status": run_.status.value, "at": run_.at}
        if run_
        else None
    )
    return {
        "model": line.model,
        "needs": [_need_as_dict(need) for need in line.needs],
        "data": data,
        "last_run": run_data,
        "production": facts.production or None,
        "production_by": facts.production_by or None,
        "gate": facts.gate.value if facts.production else None,
        "newest": facts.newest or None,
        "next_stage": following.stage.value if following else None,
        "gate_of_newest": following.gate.value if following else None,
        "endpoint": _endpoint_as_dict(line.endpoint),
        "monitor": _monitor_as_dict(line.monitor),
        "retraining": _retraining_as_dict(line),
    }


def _monitor_as_dict(standing: MonitorStanding | None) -> dict[str, object] | None:
    if standing is None:
        return None
    chunk = standing.last
    measured = chunk and (chunk.realised or chunk.estimated)
    return {
        "id": standing.plan.monitor_id,
        "state": standing.state.value,
        "version": standing.version,
        "sentence": standing.sentence,
        "chunk": chunk.number if chunk else None,
        "columns": chunk.columns if chunk else None,
        "columns_drifted": chunk.columns_drifted if chunk else None,
        "metric": chunk.metric if chunk and measured else None,
        "value": measured.value if measured else None,
        "alerts": [alert.as_dict() for alert in standing.open_alerts],
    }


def _retraining_as_dict(line: LoopLine) -> dict[str, object] | None:
    rule, attempt = line.facts.rule, line.attempt
    if rule is None and not line.facts.rule_problem and attempt is None:
        return None
    return {
        "rule": "on" if rule and not rule.paused else "paused" if rule else None,
        "problem": line.facts.rule_problem or None,
        "attempt": attempt.attempt_id if attempt else None,
        "step": attempt.step.value if attempt else None,
        "waits_for_person": attempt.waits_for_person if attempt else False,
        "because": attempt.because if attempt else None,
        "sentence": attempt.sentence if attempt else None,
        "version": attempt.version or None if attempt else None,
    }


def _need_as_dict(need: Need) -> dict[str, object]:
    return {
        "kind": need.kind.value,
        "urgency": need.urgency.name.lower(),
        "sentence": need.sentence,
        "about": need.target or None,
        "key": need.key or None,
    }


def _endpoint_as_dict(server: ModelServer | None) -> dict[str, object] | None:
    if server is None:
        return None
    figures = server.figures
    return {
        "id": server.record.process_id,
        "state": server.state.value,
        "version": server.version,
        "port": server.port,
        "requests_per_second": figures.per_second if figures else None,
        "p95_ms": figures.p95_ms if figures else None,
        "errors": figures.error_count if figures else None,
        "captured": figures.capture.written if figures else None,
    }
