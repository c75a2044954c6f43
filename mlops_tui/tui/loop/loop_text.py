"""Where a model stands, step by step."""

from rich.text import Text

from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.loop.loop_line import LoopLine
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.domain.plain_text import counted
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.tui.kit.facts import facts
from mlops_tui.tui.kit.formatting import age, plain, status_cell
from mlops_tui.tui.loop.loop_cells import drift_cell, endpoint_cell, need_text, rule_cell

SEPARATOR = " · "


def loop_text(line: LoopLine) -> Text:
    """Return the steps of a model's loop, one a line, then all that it needs."""
    steps = facts(
        {
            "data": _data(line),
            "run": _run(line),
            "production": _production(line),
            "newest": _newest(line),
            "endpoint": _endpoint(line.endpoint),
            "drift": _drift(line.monitor),
            "retraining": _retraining(line),
        }
    )
    return Text("\n").join([steps, *map(need_text, line.needs)])


def _data(line: LoopLine) -> Text:
    data = line.facts.data
    return plain(f"{data.name}{SEPARATOR}{data.digest}") if data else Text()


def _run(line: LoopLine) -> Text:
    run = line.facts.last_run
    if run is None:
        return Text()
    when = f"{SEPARATOR}{age(run.at)} ago" if run.at else ""
    return status_cell(run.status) + plain(f" {run.name}{when}")


def _production(line: LoopLine) -> Text:
    known = line.facts
    if not known.production:
        return Text("none", "dim")
    by = plain(f"v{known.production} ({known.production_by})")
    return by if known.gate is GateState.NONE else by + Text(SEPARATOR) + _gate(known.gate)


def _newest(line: LoopLine) -> Text:
    known = line.facts
    if not known.newest or known.newest == known.production:
        return Text()
    following = known.next_stage
    if following is None or following.gate is GateState.NONE:
        return plain(f"v{known.newest}")
    return plain(f"v{known.newest} for {following.stage}{SEPARATOR}") + _gate(following.gate)


def _drift(standing: MonitorStanding | None) -> Text:
    if standing is None:
        return Text()
    return drift_cell(standing) + plain(f"{SEPARATOR}{standing.sentence or standing.state}")


def _retraining(line: LoopLine) -> Text:
    attempt = line.attempt
    if attempt is None:
        return Text() if line.facts.rule is None else rule_cell(line)
    return rule_cell(line) + plain(f"{SEPARATOR}{attempt.sentence or attempt.because}")


def _gate(state: GateState) -> Text:
    return Text("gate ") + status_cell(state)


def _endpoint(server: ModelServer | None) -> Text:
    if server is None:
        return Text()
    text = plain(f"v{server.version} on port {server.port}{SEPARATOR}") + endpoint_cell(server)
    if server.figures and (follow := server.figures.follow):
        target = f"@{follow.target}" if follow.kind == "alias" else follow.target
        text += plain(f"{SEPARATOR}follows {target}")
    if server.figures and server.figures.capture.choice.share:
        text += plain(f"{SEPARATOR}{counted(server.figures.capture.written, 'request')} kept")
    return text + plain(f"{SEPARATOR}{server.record.reason}" if server.record.reason else "")
