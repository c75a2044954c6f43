"""What stands in the list of monitors."""

from rich.text import Text

from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding
from mlops_tui.tui.kit.column_layout import Column
from mlops_tui.tui.kit.formatting import UNKNOWN, age, number, plain, status_cell

COLUMNS = (
    Column("state", "State", 11),
    Column("watched", "Watches", 14, grow=True),
    Column("version", "Ver", 4),
    Column("chunks", "Chunks", 6, justify="right"),
    Column("waiting", "Waiting", 7, justify="right"),
    Column("drift", "Drift", 7, justify="right"),
    Column("metric", "Metric", 8, justify="right"),
    Column("labels", "Labels", 6, justify="right"),
    Column("look", "Seen", 4, justify="right"),
)


def monitor_cell(standing: MonitorStanding, column: str) -> Text:
    """Return a cell of the row of a monitor."""
    chunk, waiting = standing.last, standing.rows_waiting
    cells = {
        "state": status_cell(standing.state),
        "watched": _watched(standing),
        "version": plain(f"v{standing.version or standing.plan.version}"),
        "chunks": Text(number(max(standing.chunk_count, len(standing.chunks)), 6)),
        "waiting": Text(UNKNOWN if waiting is None else number(waiting, 7)),
        "look": Text(age(standing.last_look_at)),
    }
    if column in cells:
        return cells[column]
    return _of_chunk(standing, chunk, column) if chunk else Text()


def _of_chunk(standing: MonitorStanding, chunk: ChunkResult, column: str) -> Text:
    """Return a cell that is about the newest chunk, of ``labels`` about all of them."""
    match column:
        case "drift":
            return drift_cell(chunk)
        case "metric":
            return metric_cell(chunk)
    return Text(number(sum(each.labels for each in standing.chunks), 6))


def _watched(standing: MonitorStanding) -> Text:
    """Return what a monitor watches, with its title where that says more, and open alerts."""
    count = len(standing.open_alerts)
    text = Text(f"!{count} " if count else "", "bold yellow") + plain(standing.plan.watched)
    title = standing.plan.title
    if title and title != standing.plan.watched:
        text += plain(f"  {title}", "dim")
    return text


def drift_cell(chunk: ChunkResult) -> Text:
    """Return how many columns of a chunk have drifted, of how many."""
    count = chunk.columns_drifted
    return Text(f"{'✗' if count else '✓'} {count}/{chunk.columns}", "red" if count else "")


def metric_cell(chunk: ChunkResult) -> Text:
    """Return the metric of a chunk by its labels, else with ``~`` as estimated without them."""
    measured = chunk.realised or chunk.estimated
    if measured is None:
        return Text()
    value = number(measured.value, 6)
    mark = "" if chunk.realised else "~"
    if chunk.is_falling:
        return Text(f"✗{mark}{value}", "red")
    return Text(f"{mark}{value}")
