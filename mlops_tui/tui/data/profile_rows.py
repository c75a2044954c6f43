"""Profiles and differences of tables as rows of text."""

from collections.abc import Iterable

from mlops_tui.domain.data.difference import KeyDifference, TableDifference
from mlops_tui.domain.data.profile import ColumnProfile, TableProfile
from mlops_tui.tui.charts.bars import bars
from mlops_tui.tui.kit.formatting import number

PROFILE = ("column", "type", "missing", "distinct", "lowest", "median", "highest", "shares", "most")
DRIFTED = ("column", "drift", "effect", "limit", "missing", "before", "after", "remark")
CHANGED = ("column", "before", "after")
LONGEST = 16
"""Characters of a category."""


def profile_rows(profile: TableProfile) -> list[tuple[str, ...]]:
    """Return a row for each column, by ``PROFILE``."""
    return [_profile_row(each) for each in profile.columns]


def remarks(profile: TableProfile) -> Iterable[str]:
    """Return what the table does not show."""
    yield from profile.remarks
    for each in profile.columns:
        if each.remark:
            yield f"{each.name}: {each.remark}."


def _profile_row(column: ColumnProfile) -> tuple[str, ...]:
    at = column.quantiles
    lowest, median, highest = (at[0], at[len(at) // 2], at[-1]) if at else (None, None, None)
    return (
        column.name,
        column.dtype,
        share(column.nulls),
        "" if column.distinct is None else f"{column.distinct:,}",
        *("" if each is None else number(each, 9) for each in (lowest, median, highest)),
        bars(column.bars),
        ", ".join(text[:LONGEST] for text in column.top),
    )


def drift_rows(difference: TableDifference) -> list[tuple[str, ...]]:
    """Return a row for each column that both versions have, the worst first, by ``DRIFTED``."""
    return [
        (
            each.name,
            "yes" if each.drifted else "",
            "" if each.effect is None else number(each.effect, 8),
            number(each.limit, 8),
            f"{share(each.nulls_reference)} → {share(each.nulls_current)}",
            bars(each.histogram.reference) if each.histogram else "",
            bars(each.histogram.current) if each.histogram else "",
            each.reason,
        )
        for each in difference.drift.features
    ]


def schema_lines(difference: TableDifference) -> list[str]:
    """Return how the columns differ, a sentence each."""
    lines = [f"Columns added: {', '.join(difference.added_columns)}."]
    lines = lines if difference.added_columns else []
    if difference.removed_columns:
        lines.append(f"Columns removed: {', '.join(difference.removed_columns)}.")
    lines += [f"{name}: {before} → {after}." for name, before, after in difference.changed_types]
    return lines


def changed_rows(keys: KeyDifference) -> list[tuple[str, ...]]:
    """Return a row for each value that changed: the key, then by ``CHANGED``."""
    return [
        (*row.key, name, before, after)
        for row in keys.rows
        for name, (before, after) in row.cells.items()
    ]


def share(value: float) -> str:
    """Return a share in percent; one that is not zero is not shown as zero."""
    if not value:
        return "0%"
    return "<0.1%" if value < 0.001 else f"{value:.1%}"  # noqa: PLR2004 - what is shown
