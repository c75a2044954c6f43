"""A verdict rule by rule, as a table."""

from collections.abc import Sequence

from rich.text import Text

from mlops_tui.domain.gate.verdict import GateState, Outcome, RuleResult
from mlops_tui.domain.gate.verdict_cells import detail, shown
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.kit.table import Column, Table

COLUMNS = (
    Column("outcome", "", 2),
    Column("rule", "Rule", 22, grow=True),
    Column("candidate", "Candidate", 9, justify="right"),
    Column("champion", "Champion", 9, justify="right"),
    Column("limit", "Limit", 18),
)
SIGNS = {
    Outcome.PASSED: ("✓", "green"),
    Outcome.FAILED: ("✗", "red"),
    Outcome.NOT_EVALUATED: ("·", "yellow"),
}
STYLES = {
    GateState.PASSED: "green",
    GateState.FAILED: "red",
    GateState.OVERRIDDEN: "yellow",
    GateState.STALE: "yellow",
    GateState.MISSING: "yellow",
    GateState.RUNNING: "cyan",
}
LONGEST_CELL = 200


def show_results(table: Table, results: Sequence[RuleResult]) -> None:
    """Show the rows of a verdict; their keys are their places."""
    table.show(
        [str(place) for place in range(len(results))],
        lambda key, column: cell(results[int(key)], column),
        COLUMNS,
    )


def cell(result: RuleResult, column: str) -> Text:
    """Return what stands in a column of a rule's row."""
    match column:
        case "outcome":
            return Text(*SIGNS[result.outcome])
        case "rule":
            return plain(result.rule)
        case "candidate":
            return plain(shown(result.candidate))
        case "champion":
            return plain(shown(result.champion))
    return plain(result.limit)


def told(result: RuleResult) -> Text:
    """Return what became of a rule, in a line or two."""
    words = f"{result.outcome}: {detail(result)}" if detail(result) else result.outcome.value
    return Text.assemble((words, SIGNS[result.outcome][1]))
