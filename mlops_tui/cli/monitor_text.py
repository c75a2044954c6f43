"""A monitor as text: verdict first, then alerts, columns by severity, chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mlops_tui.cli.output import print_table
from mlops_tui.domain.moment import utc
from mlops_tui.domain.plain_text import counted, one_line

if TYPE_CHECKING:
    from mlops_tui.domain.drift.drift_report import FeatureDrift
    from mlops_tui.domain.monitoring.chunk import ChunkResult, Interval
    from mlops_tui.domain.monitoring.monitor_standing import MonitorStanding

MOST_COLUMNS = 30
LONGEST = 1_000
COLUMNS = ("column", "drift", "effect", "limit", "p", "n", "missing", "out of range", "new")
CHUNKS = ("chunk", "ends (UTC)", "rows", "labels", "drifted", "estimated", "realised", "remark")


def print_standing(standing: MonitorStanding, most: int) -> None:
    """Print all that is known of a monitor, with its newest chunks."""
    print(one_line(standing.headline, LONGEST))
    state = f"{standing.state.value}, v{standing.version}, {counted(standing.chunk_count, 'chunk')}"
    waiting = (
        ""
        if standing.rows_waiting is None
        else f", {counted(standing.rows_waiting, 'row')} waiting"
    )
    print(f"{one_line(standing.plan.title, 100)}: {state}{waiting}")
    verdict = standing.sentence if standing.problem else ""
    for line in filter(None, (verdict, *standing.remarks)):
        print(f"  {one_line(line, LONGEST)}")
    for alert in standing.alerts:
        known = f"known to {alert.by}" if alert.acknowledged else "new"
        words = one_line(alert.sentence, LONGEST)
        print(
            f"! {alert.kind.value} since {_time(alert.since)} ({alert.alert_id}, {known}): {words}"
        )
    last = standing.last
    if last is None:
        return
    print()
    features = [*filter(None, [last.prediction_drift]), *last.drift.features][:MOST_COLUMNS]
    print_table(COLUMNS, [_feature(each) for each in features])
    print()
    print_table(CHUNKS, [_chunk(each) for each in standing.chunks[-most:]])


def _feature(each: FeatureDrift) -> tuple[str, ...]:
    return (
        each.name,
        "yes" if each.drifted else "",
        _number(each.effect),
        _number(each.limit),
        _number(each.p),
        f"{each.n_current:,}",
        f"{each.nulls_current:.1%}",
        f"{each.out_of_range:.1%}",
        str(each.new_category_count or ""),
    )


def _chunk(each: ChunkResult) -> tuple[str, ...]:
    return (
        str(each.number),
        _time(each.ends_at),
        f"{each.rows:,}",
        f"{each.labels:,}",
        f"{each.columns_drifted} of {each.columns}",
        _interval(each.estimated),
        _interval(each.realised),
        each.remark,
    )


def _interval(found: Interval | None) -> str:
    return "" if found is None else f"{found.value:.3g} ({found.lower:.3g}–{found.upper:.3g})"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3g}"


def _time(ms: int) -> str:
    moment = utc(ms)
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "?"
