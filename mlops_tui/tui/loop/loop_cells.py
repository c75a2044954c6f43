"""What stands in the cells of the Loop screen."""

from collections.abc import Callable, Mapping

from rich.text import Text

from mlops_tui.domain.gate.verdict import GateState
from mlops_tui.domain.loop.loop_line import LoopLine
from mlops_tui.domain.loop.need import Need, Urgency
from mlops_tui.domain.loop.needs import failing
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.domain.serving.model_server import ModelServer, ServerState
from mlops_tui.tui.kit.formatting import STATUSES, UNKNOWN, age, number, plain, status_cell
from mlops_tui.tui.kit.table import Column

NAME = Column("name", "Model", 12, grow=True)
COLUMNS = (
    Column("need", "What needs you", 31, grow=True),
    Column("production", "Production", 10),
    Column("drift", "Drift", 10),
    Column("endpoint", "Endpoint", 15),
    Column("rule", "Retraining", 14),
    Column("data", "Data", 18, grow=True),
    Column("run", "Last run", 18, grow=True),
)
"""In the order of their worth: where there is no room, the last ones are left out."""

SIGNS: Mapping[Urgency, tuple[str, str]] = {
    Urgency.NOW: ("!", "bold red"),
    Urgency.NEXT: (">", "yellow"),
    Urgency.UNDERWAY: ("…", "dim"),
}
"""Sign and style of a need."""


def need_text(need: Need) -> Text:
    """Return what is needed, with the key that does it."""
    sign, style = SIGNS[need.urgency]
    key = Text(f"{need.key} ", "bold") if need.key else Text()
    return Text.assemble(Text(f"{sign} ", style), key, plain(need.sentence, _quiet(need)))


def _quiet(need: Need) -> str:
    return "dim" if need.urgency is Urgency.UNDERWAY else ""


def _need(line: LoopLine) -> Text:
    if line.need is None:
        return Text("✓ nothing", "dim")
    more = len([need for need in line.needs if need.key]) - bool(line.need.key)
    return need_text(line.need) + Text(f" +{more}" if more else "", "dim")


def _production(line: LoopLine) -> Text:
    facts = line.facts
    if not facts.production:
        return Text(UNKNOWN, "dim")
    number_ = plain(f"v{facts.production}")
    if facts.gate is GateState.NONE:
        return number_
    return Text.assemble(number_, " ", STATUSES.get(facts.gate.value, ("•", "")))


def endpoint_cell(server: ModelServer | None) -> Text:
    """Return how an endpoint is: requests per second, p95, and whether requests fail."""
    if server is None:
        return Text(UNKNOWN, "dim")
    figures = server.figures
    if server.state is not ServerState.READY or figures is None:
        return status_cell(server.state)
    sign, style = STATUSES["ready"]
    slow = "" if figures.p95_ms is None else f" {number(figures.p95_ms, 4)}ms"
    text = Text.assemble((sign, style), f" {number(figures.per_second, 4)}/s{slow}")
    if errors := failing(figures):
        text.append(f" ✗{number(errors, 4)}", "red")
    return text


def drift_cell(standing: MonitorStanding | None) -> Text:
    """Return how many columns drifted in the newest chunk, and how well the model did there."""
    if standing is None:
        return Text(UNKNOWN, "dim")
    if (chunk := standing.last) is None:
        return status_cell(standing.state)
    sign, style = ("!", "bold red") if chunk.alarm else STATUSES["passed"]
    measured = chunk.realised or chunk.estimated
    value = f" {number(measured.value, 4)}" if measured else ""
    return Text.assemble((sign, style), f" {chunk.columns_drifted}/{chunk.columns}{value}")


def rule_cell(line: LoopLine) -> Text:
    """Return the step of an attempt that is underway, else how the rule stands."""
    if line.attempt and line.attempt.is_underway:
        sign, style = STATUSES["waiting" if line.attempt.waits_for_person else "running"]
        return Text.assemble((sign, style), f" {line.attempt.step}")
    if line.facts.rule_problem:
        return Text("✗ unreadable", "red")
    if (rule := line.facts.rule) is None:
        return Text(UNKNOWN, "dim")
    return Text("paused", "dim") if rule.paused else Text("on")


def _data(line: LoopLine) -> Text:
    if (data := line.facts.data) is None:
        return Text(UNKNOWN, "dim")
    return plain(data.name) + plain(f"@{data.short_digest}", "dim")


def _run(line: LoopLine) -> Text:
    if line.job is not None and line.job.state.is_active:
        return status_cell(line.job.state) + plain(f" {line.job.title}")
    if (run := line.facts.last_run) is None:
        return Text(UNKNOWN, "dim")
    sign, style = STATUSES.get(run.status.lower(), ("•", ""))
    return Text.assemble((sign, style), f" {age(run.at)} ", plain(run.name))


CELLS: Mapping[str, Callable[[LoopLine], Text]] = {
    "need": _need,
    "production": _production,
    "endpoint": lambda line: endpoint_cell(line.endpoint),
    "drift": lambda line: drift_cell(line.monitor),
    "rule": rule_cell,
    "data": _data,
    "run": _run,
}
"""What stands in a cell, by column."""
