"""What stands in the cells of the model servers."""

from rich.text import Text

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.serving.endpoint_figures import EndpointFigures
from mlops_tui.domain.serving.model_server import ModelServer
from mlops_tui.tui.kit.column_layout import Column
from mlops_tui.tui.kit.formatting import UNKNOWN, elapsed, number, plain, status_cell

COLUMNS = (
    Column("state", "State", 11),
    Column("model", "Model", 15, grow=True),
    Column("version", "Ver", 4),
    Column("stage", "Stage", 13, grow=True),
    Column("aliases", "Aliases", 12, grow=True),
    Column("rate", "Req/s", 5, justify="right"),
    Column("errors", "Errors", 6, justify="right"),
    Column("port", "Port", 5, justify="right"),
    Column("p95", "p95 ms", 6, justify="right"),
    Column("up", "Up", 6, justify="right"),
)

Now = ModelVersion | None
"""The version as it is now, None where it is gone."""


def server_cell(server: ModelServer, column: str, *, now: Now, is_known: bool) -> Text:
    """Return a cell of a server; ``is_known`` says whether its version was looked up."""
    record = server.record
    if column == "stage":
        return _stage(record.details.get("stage", ""), now, is_known=is_known)
    if column == "aliases":
        return _aliases(server.aliases, now, is_known=is_known)
    reason = f"  {record.reason}" if record.reason else ""
    up = elapsed(record.started_at, None) if record.started_at and record.state.is_active else ""
    cells = {
        "state": status_cell(server.state),
        "model": plain(server.model) + plain(reason, "dim"),
        "version": plain(f"v{server.version}" if server.version else ""),
        "port": Text(str(server.port)),
        "up": Text(up),
        **_figures(server.figures),
    }
    return cells[column]


def _figures(figures: EndpointFigures | None) -> dict[str, Text]:
    if figures is None:
        return dict.fromkeys(("rate", "p95", "errors"), Text(""))
    slow, errors = figures.p95_ms, figures.error_count
    return {
        "rate": Text(number(figures.per_second, 5)),
        "p95": Text(UNKNOWN if slow is None else number(slow, 6)),
        "errors": Text(number(errors, 6), "red" if errors else ""),
    }


def _stage(at_start: str, now: Now, *, is_known: bool) -> Text:
    if not is_known:
        stage = status_cell(at_start)
        return Text(f"{stage.plain} at start", stage.style) if at_start else stage
    if now is None:
        return _joined(Text("✗ deleted", "bold"), f"{at_start} at start" if at_start else "")
    is_same = now.stage == at_start
    return _joined(status_cell(now.stage), "" if is_same else f"{at_start or 'None'} at start")


def _aliases(at_start: tuple[str, ...], now: Now, *, is_known: bool) -> Text:
    before = " ".join(f"@{alias}" for alias in at_start)
    if not is_known or now is None:
        return plain(f"{before} at start" if before else "")
    names = " ".join(f"@{alias}" for alias in now.aliases)
    if set(now.aliases) == set(at_start):
        return plain(names)
    return plain(", ".join(filter(None, (names, f"{before or 'none'} at start"))))


def _joined(stage: Text, note: str) -> Text:
    return Text(f"{stage.plain}, {note}" if note else stage.plain, stage.style)
