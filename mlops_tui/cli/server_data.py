"""Model servers as JSON and as table cells."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mlops_tui.cli.run_data import moment
from mlops_tui.domain.serving.endpoint_options import options_of

if TYPE_CHECKING:
    from mlops_tui.domain.serving.model_server import ModelServer

HEADER = (
    "server",
    "state",
    "model",
    "version",
    "address",
    "req/s",
    "p95 ms",
    "errors",
    "captured",
    "follows",
    "reason",
)


def server_as_dict(server: ModelServer) -> dict[str, Any]:
    """Return a server with its figures; null where it has none."""
    record = server.record
    options = options_of(record.details)
    return {
        "server_id": record.process_id,
        "state": server.state.value,
        "reason": record.reason,
        "model": server.model,
        "version": server.version,
        "url": server.url,
        "follow": options.follow,
        "challenger": asdict(options.rival) if options.rival else None,
        "started_at": moment(record.started_at),
        "ended_at": moment(record.ended_at),
        "pid": record.pid,
        "store": record.store,
        "command": list(record.command),
        "figures": asdict(server.figures) if server.figures else None,
    }


def server_row(server: ModelServer) -> tuple[str, ...]:
    """Return the cells of a server."""
    figures = server.figures
    told = ("", "", "", "")
    if figures:
        slow = "" if figures.p95_ms is None else f"{figures.p95_ms:.1f}"
        captured = f"{figures.capture.written}" if figures.capture.choice.share else ""
        told = (f"{figures.per_second:.1f}", slow, f"{figures.error_count}", captured)
    follow = server.record.details.get("follow", "")
    kind, _, target = follow.partition(":")
    return (
        server.record.process_id,
        server.state.value,
        server.model,
        f"v{server.version}" if server.version else "",
        server.url,
        *told,
        f"@{target}" if kind == "alias" else target,
        server.record.reason,
    )
