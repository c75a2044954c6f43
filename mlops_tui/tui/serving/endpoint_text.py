"""The figures of an endpoint in words and small curves."""

from collections.abc import Iterator

from rich.text import Text

from mlops_tui.domain.byte_size import bytes_size
from mlops_tui.domain.plain_text import counted
from mlops_tui.domain.serving.endpoint_figures import (
    CaptureState,
    EndpointFigures,
    RivalState,
)
from mlops_tui.domain.serving.scoring_failure import beginning
from mlops_tui.tui.charts.bars import bars
from mlops_tui.tui.kit.facts import facts
from mlops_tui.tui.kit.formatting import UNKNOWN, clock, number, plain


def milliseconds(value: float | None) -> str:
    """Return a time in milliseconds, in seconds where that is shorter."""
    return UNKNOWN if value is None else f"{number(value, 5)} ms"


def endpoint_text(figures: EndpointFigures, gate: str = "") -> Text:
    """Return what an endpoint tells, a fact a line; what it does not do takes no line.

    ``gate`` is the verdict of the version that answers, empty without one.
    """
    points = figures.curve
    told = {
        "requests": Text.assemble(
            f"{number(figures.per_second, 5)}/s  {figures.requests:,} in all  "
            f"{figures.in_flight} in flight  ",
            (bars([point.per_second for point in points]), "cyan"),
        ),
        "time": Text.assemble(
            f"p50 {milliseconds(figures.p50_ms)}  p95 {milliseconds(figures.p95_ms)}  "
            f"p99 {milliseconds(figures.p99_ms)}  ",
            (bars([point.p95_ms for point in points]), "cyan"),
        ),
        "errors": _errors(figures),
        "capture": _capture(figures.capture),
        "rival": _rival(figures.rival),
        "follows": _follow(figures),
        "gate": plain(f"v{figures.version} {gate}" if gate else ""),
        "bytes": Text(
            f"{bytes_size(figures.received)} in  {bytes_size(figures.sent)} out  "
            f"{bytes_size(figures.memory)} of memory"
        ),
    }
    return facts(told)


def _errors(figures: EndpointFigures) -> Text:
    if not figures.error_count:
        return Text("none")
    kinds = ", ".join(f"{status}: {count:,}" for status, count in sorted(figures.errors.items()))
    text = Text(f"✗ {figures.error_count:,} ({kinds})  e reads the last ones", "red")
    if any(point.errors_per_second for point in figures.curve):
        text.append("  " + bars([point.errors_per_second for point in figures.curve]))
    return text


def _follow(figures: EndpointFigures) -> Text:
    """Return what is followed, and which version a key swaps back to."""
    back = f"v{figures.previous} before: b swaps back" if figures.previous else ""
    state = figures.follow
    if state is None:
        return Text(f"nothing · {back}" if back else "")
    what = f"@{state.target}" if state.kind == "alias" else state.target
    if state.loading:
        what += f": loading v{state.loading}…"
    text = plain(what) + Text(f" · {back}" if back else "")
    return text + plain(f" · ✗ {state.problem}", "yellow") if state.problem else text


def _capture(state: CaptureState) -> Text:
    if not state.choice.share and not state.written:
        return Text("off: c begins it")
    share = state.choice.share
    parts = [f"{share:.0%} of requests" if share else "off"]
    parts.append(f"{state.written:,} kept, {bytes_size(state.size)}")
    if state.labels:
        parts.append(counted(state.labels, "label"))
    if state.dropped:
        parts.append(f"✗ {state.dropped:,} dropped")
    if state.problem:
        parts.append(f"✗ {state.problem}")
    parts.append(state.folder)
    return plain(" · ".join(parts), "yellow" if state.problem else "")


def _rival(state: RivalState | None) -> Text:
    if state is None:
        return Text("")
    if state.mode == "split":
        return plain(f"v{state.version} answers {state.share:.0%}")
    if state.agreement is None:
        return plain(f"v{state.version} hears {state.share:.0%}, nothing compared yet")
    parts = [
        f"v{state.version} agrees on {state.agreement:.1%} of {state.rows:,} rows",
        f"largest difference {state.largest_difference:.4g}" if state.largest_difference else "",
        f"p95 {milliseconds(state.p95_ms)}",
        f"✗ {state.errors:,} errors" if state.errors else "",
        f"{state.skipped:,} skipped" if state.skipped else "",
    ]
    return plain(" · ".join(filter(None, parts)))


def error_lines(figures: EndpointFigures) -> Iterator[Text]:
    """Return the last errors, the latest first: when, which status, which request, why."""
    for error in reversed(figures.last_errors):
        head = Text(f"{clock(error.at)}  {error.status}  ", "red")
        told = beginning(error.text)
        yield Text.assemble(head, plain(error.request_id, "dim"), "\n  ", plain(told))
