"""What stands in the cells of a table of runs."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rich.text import Text

from mlops_tui.domain.experiments.run_column import RunColumn, Source, reader
from mlops_tui.domain.plain_text import counted
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.kit.formatting import (
    age,
    number,
    plain,
    silent_cell,
    status_cell,
    timestamp,
    took,
)

if TYPE_CHECKING:
    from mlops_tui.domain.experiments.run_group import Group, Statistic


def cell_of(
    run: Run, column: str, width: int, *, now: float, expected: str | None, silence: float | None
) -> Text:
    """Return the cell of a run, ``width`` cells wide; ``expected`` is what an edit will make of it.

    ``silence`` is for how many milliseconds a run presumed dead has been silent.
    """
    if expected:
        return plain(f"… {expected}", "italic")
    if column in ATTRIBUTES:
        return ATTRIBUTES[column](run, now, silence)
    parsed = RunColumn.of(column)
    value = run.metrics.get(parsed.key)
    found = value if parsed.source is Source.METRIC else reader(parsed, now)(run)
    if found is None or isinstance(found, str):
        return plain(found or "")
    best = run.extremes.get(parsed.key)
    is_sure = best is None or best.is_exact or parsed.source is Source.METRIC
    return Text(number(found, width) if is_sure else f"~{number(found, width - 1)}")


def _status(run: Run, _now: float, silence: float | None) -> Text:
    return status_cell(run.status) if silence is None else silent_cell(silence)


def _age(run: Run, now: float, _silence: float | None) -> Text:
    return Text(age(run.started_at, now * 1000))


def _duration(run: Run, now: float, _silence: float | None) -> Text:
    return Text(took(run, now * 1000) if run.started_at else "")


def _moment(ms: int | None) -> Text:
    return Text(timestamp(ms) if ms else "")


ATTRIBUTES: Mapping[str, Callable[[Run, float, float | None], Text]] = {
    "status": _status,
    "age": _age,
    "duration": _duration,
    "started": lambda run, _now, _silence: _moment(run.started_at),
    "ended": lambda run, _now, _silence: _moment(run.ended_at),
}
"""What reads better than the value of an attribute."""


STATISTICS: Mapping[str, str] = {"mean": "ø", "least": "↓", "greatest": "↑"}
"""The sign before what a group gives of a measure."""


def group_cell(
    group: "Group", column: str, width: int, statistic: "Statistic", *, is_folded: bool
) -> Text:
    """Return the cell of a row that stands for a group: its name, or one value of a measure."""
    if column == "name":
        sign = "▸" if is_folded else "▾"
        return plain(f"{sign} {group.name}", "bold")
    if column == "status":
        return Text(counted(group.count, "run"), "bold")
    try:
        found = group.measures.get(RunColumn.of(column))
    except ValueError:
        return Text("")
    if found is None:
        return Text("")
    sign = f"{STATISTICS[statistic]} "
    return Text(sign + number(found.value(statistic), width - len(sign)), "bold")
