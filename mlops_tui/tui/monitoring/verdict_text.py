"""The verdict about a chunk of a monitor: what drifted, how well the model does, what to do."""

from rich.text import Text

from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval
from mlops_tui.domain.monitoring.monitor import ChunkSize, MonitorPlan, SourceKind
from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding, MonitorState
from mlops_tui.domain.monitoring.monitor_verdict import verdict
from mlops_tui.domain.plain_text import counted
from mlops_tui.tui.kit.formatting import age, number, plain, timestamp

LONGEST = 400
ASSUMPTION = "if inputs and labels relate as in the reference"
"""What every estimate without labels assumes."""
ALERT_KEYS = "m seen · R retrain · B roll back · C compare"
MINUTES = slice(0, 16)
"""Date, hour and minute of a timestamp."""


def verdict_text(standing: MonitorStanding, chunk: ChunkResult | None) -> Text:
    """Return the verdict in lines: the sentence first, then performance, chunk, problems, alerts.

    ``chunk`` is the one that is looked at; the sentence about an older one is as it was then.
    """
    lines = [_problem(standing)] if standing.problem else []
    if chunk is None:
        lines += [plain(_waiting(standing))]
    else:
        told = verdict([each for each in standing.chunks if each.number <= chunk.number])
        bad = chunk.alarm or chunk.is_falling or chunk.is_concept_drift
        lines.append(Text("✗ " if bad else "✓ ", "bold red" if bad else "green"))
        lines[-1] += plain(told, "bold")
        lines += [estimate_line(chunk)] if chunk.estimated else []
        lines.append(chunk_line(chunk, standing))
    lines += [_alert(standing)] if standing.open_alerts else []
    lines += remark_lines(standing)
    return Text("\n").join(lines)


def remark_lines(standing: MonitorStanding) -> list[Text]:
    """Return what the monitor cannot say, and why."""
    return [plain(f"· {remark}", "dim") for remark in standing.remarks]


def _problem(standing: MonitorStanding) -> Text:
    return plain(f"✗ {standing.problem}", "yellow")


def _waiting(standing: MonitorStanding) -> str:
    if standing.state is MonitorState.STOPPED:
        return "No chunk yet, and the monitor is stopped: a starts it."
    if standing.state is MonitorState.FAILED:
        return "No chunk yet, and the monitor has ended: o reads its log, a starts it again."
    waiting = standing.rows_waiting
    rows = f"; {counted(waiting, 'row')} waiting" if waiting else ""
    return f"No chunk yet: {_when_whole(standing.plan)}{rows}."


def _when_whole(plan: MonitorPlan) -> str:
    if plan.chunk == ChunkSize():
        is_table = plan.source is SourceKind.TABLE
        return "each time that the file has grown it is one" if is_table else "each file is one"
    return f"one is whole after {plan.chunk}"


def estimate_line(chunk: ChunkResult) -> Text:
    """Return what the estimate assumes, with its value where the sentence has the labels' one."""
    if chunk.estimated and chunk.realised:
        return plain(f"Estimated without labels: {interval_text(chunk.estimated)}, {ASSUMPTION}.")
    return plain(f"The estimate is right {ASSUMPTION}.", "dim")


def performance_lines(chunk: ChunkResult) -> list[Text]:
    """Return what is known of the metric: by labels, without them, usually; the gap between."""
    metric = chunk.metric or "performance"
    parts = []
    if chunk.realised:
        parts.append(f"{interval_text(chunk.realised)} by {counted(chunk.realised.n, 'label')}")
    if chunk.estimated:
        parts.append(f"~{interval_text(chunk.estimated)} estimated, {ASSUMPTION}")
    if not parts:
        return []
    if chunk.band:
        low, high = number(chunk.band.lower), number(chunk.band.upper)
        parts.append(f"usual {low} to {high}")
    style = "red" if chunk.is_falling else ""
    sign = "✗ " if chunk.is_falling else ""
    return [plain(f"{sign}{metric} {' · '.join(parts)}", style)]


def gap_line(chunk: ChunkResult) -> Text:
    """Return what the gap between realised and estimated metric means, nothing without both."""
    gap = chunk.concept_gap
    if gap is None:
        return Text("")
    if not gap:
        return plain("Realised and estimated are the same.")
    told = f"{number(abs(gap))} {'above' if gap > 0 else 'below'} estimated"
    if not chunk.is_concept_drift:
        return plain(f"Realised is {told}: no more than both intervals explain.")
    return plain(
        f"✗ Concept drift: realised is {told}; the same inputs mean something else.", "red"
    )


def interval_text(interval: Interval) -> str:
    """Return a value with the ends of its interval."""
    ends = f"{number(interval.lower)} to {number(interval.upper)}"
    return f"{number(interval.value)} ({ends})"


def chunk_line(chunk: ChunkResult, standing: MonitorStanding | None = None) -> Text:
    """Return which chunk it is: of how many, when, how many rows and labels."""
    count = f" of {max(standing.chunk_count, chunk.number):,}" if standing else ""
    begin, end = timestamp(chunk.begins_at)[MINUTES], timestamp(chunk.ends_at)[MINUTES]
    if begin[:10] == end[:10]:
        end = end[11:]
    text = Text(f"chunk {chunk.number:,}{count}", "bold")
    size = f"{counted(chunk.rows, 'row')}, {counted(chunk.labels, 'label')}"
    text.append(f"  {begin} to {end} · {size}", "dim")
    if chunk.drift.looked_at_current < chunk.drift.rows_current:
        text.append(f" · {chunk.drift.looked_at_current:,} of them sampled", "dim")
    return text + plain(f" · {chunk.remark}" if chunk.remark else "", "yellow")


def _alert(standing: MonitorStanding) -> Text:
    alerts = standing.open_alerts
    told = ", ".join(f"{each.kind} {age(each.since)}" for each in alerts)
    return plain(f"! {told}: {ALERT_KEYS}", "bold yellow")
