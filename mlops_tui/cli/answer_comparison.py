"""Prints how two models answer, and how fast one of them does."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from mlops_tui.cli.exit_codes import FINE, NOTHING
from mlops_tui.cli.output import print_json, print_table, tell

if TYPE_CHECKING:
    from mlops_tui.domain.models.signature import Signature
    from mlops_tui.domain.serving.load_figures import LoadFigures

LOAD_HEADER = ("clients", "req/s", "p50 ms", "p95 ms", "p99 ms", "requests", "errors", "client CPU")


def print_difference(
    url: str, other: str, body: str, signature: Signature, *, as_json: bool
) -> int:
    """Send a request to two models; print the predictions that differ."""
    from mlops_tui.domain.serving.answer_difference import difference
    from mlops_tui.services.serving import scoring

    found = difference(
        scoring.query(url, body, signature=signature),
        scoring.query(other, body, signature=signature),
    )
    unequal = [row for row in found.rows if not row.is_equal]
    if as_json:
        results = ((url, found.first), (other, found.second))
        answers = [{"url": a, "status": r.status, "latency_ms": r.latency_ms} for a, r in results]
        rows = [asdict(row) for row in unequal]
        print_json({"answers": answers, "equal": found.equal, "unequal": rows})
    elif unequal:
        header = ("prediction", url, other, "difference")
        print_table(
            header, [(f"{r.number}", r.first, r.second, _text(r.difference)) for r in unequal]
        )
    tell(found.describe())
    return FINE if found.is_equal else NOTHING


def print_load(url: str, body: str, signature: Signature, seconds: float, *, as_json: bool) -> int:
    """Measure a model with more and more clients; print the figures."""
    from mlops_tui.domain.serving.load_figures import CLIENTS
    from mlops_tui.services.serving.load_test import measure

    found = []
    for clients in CLIENTS:
        found.append(measure(url, body, clients, seconds, signature))
        who = "1 client" if clients == 1 else f"{clients} clients"
        tell(f"{who}: {found[-1].per_second:.1f} requests per second.")
    if as_json:
        print_json([asdict(each) | {"per_second": each.per_second} for each in found])
    else:
        print_table(LOAD_HEADER, [_load_row(each) for each in found])
    return NOTHING if any(each.error_count for each in found) else FINE


def _load_row(figures: LoadFigures) -> tuple[str, ...]:
    kinds = ", ".join(f"{kind}: {count}" for kind, count in figures.errors.items())
    return (
        f"{figures.clients}",
        f"{figures.per_second:.1f}",
        *(f"{_text(each, 1)}" for each in (figures.p50_ms, figures.p95_ms, figures.p99_ms)),
        f"{figures.requests}",
        kinds or "0",
        f"{figures.client_cpu:.0%}",
    )


def _text(value: float | None, digits: int = 6) -> str:
    if value is None:
        return ""
    return f"{value:.1f}" if digits == 1 else f"{value:.{digits}g}"
