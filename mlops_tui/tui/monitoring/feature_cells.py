"""What stands in the table of columns, the worst first."""

from collections.abc import Sequence

from rich.text import Text

from mlops_tui.domain.drift.drift_report import FeatureDrift, FeatureKind
from mlops_tui.domain.monitoring.chunk import ChunkResult
from mlops_tui.tui.charts.paired_bars import paired_bars
from mlops_tui.tui.kit.column_layout import Column
from mlops_tui.tui.kit.formatting import UNKNOWN, number, plain

HISTOGRAM = 10
"""Cells of a small histogram."""
COLUMNS = (
    Column("sign", "", 1),
    Column("name", "Column", 12, grow=True),
    Column("kind", "Is", 3),
    Column("effect", "Effect", 6, justify="right"),
    Column("limit", "Limit", 5, justify="right"),
    Column("histogram", "Ref⡇⢸Chunk", HISTOGRAM),
    Column("noise", "Noise", 5, justify="right"),
    Column("p", "p", 7, justify="right"),
    Column("n", "n", 5, justify="right"),
    Column("nulls", "Nulls", 5, justify="right"),
    Column("new", "New", 4, justify="right"),
    Column("out", "Out", 4, justify="right"),
)
WIDE_COLUMNS = (
    *COLUMNS,
    Column("psi", "PSI", 6, justify="right"),
    Column("reason", "Remark", 12, grow=True),
)
KINDS = {FeatureKind.NUMBER: "num", FeatureKind.CATEGORY: "cat"}
PREDICTION = "prediction"
"""The key of the row of the predictions."""
LEAST_SHARE = 0.01


def rows_of(chunk: ChunkResult) -> dict[str, FeatureDrift]:
    """Return the rows by their keys: the predictions, then the columns by severity."""
    rows = {PREDICTION: chunk.prediction_drift} if chunk.prediction_drift else {}
    return rows | {f"column {each.name}": each for each in chunk.drift.features}


def sign(feature: FeatureDrift) -> tuple[str, str]:
    """Return sign and colour: drifted, not compared, as before."""
    if feature.drifted:
        return "✗", "red"
    return ("·", "yellow") if feature.effect is None else ("✓", "green")


def percent(share: float) -> str:
    """Return a share as a percentage, nothing for none."""
    if not share > 0:
        return ""
    return "<1%" if share < LEAST_SHARE else f"{min(share, 1):.0%}"


def maybe(value: float | None, room: int) -> str:
    """Return a number in so many cells, a dash for none."""
    return UNKNOWN if value is None else number(value, room)


def feature_cell(key: str, feature: FeatureDrift, column: str) -> Text:
    """Return a cell of the row of a column."""
    bold = "bold red" if feature.drifted else ""
    cells = {
        "sign": Text(*sign(feature)),
        "name": plain(feature.name, "bold" if key == PREDICTION else ""),
        "kind": Text(KINDS.get(feature.kind, "")),
        "effect": Text(maybe(feature.effect, 6), bold),
        "reason": plain(feature.reason, "dim"),
    }
    if column == "histogram":
        return _histogram(feature)
    return cells[column] if column in cells else Text(_number(feature, column))


def _histogram(feature: FeatureDrift) -> Text:
    found = feature.histogram
    drawn = paired_bars(found.reference, found.current, HISTOGRAM) if found else ""
    return Text(drawn, "cyan")


def _number(feature: FeatureDrift, column: str) -> str:
    numbers = {
        "limit": (feature.limit, 5),
        "noise": (feature.noise, 5),
        "p": (feature.p, 7),
        "n": (feature.n_current, 5),
        "psi": (feature.psi, 6),
    }
    if column in numbers:
        return maybe(*numbers[column])
    if column == "new":
        return number(feature.new_category_count, 4) if feature.new_category_count else ""
    return percent(feature.nulls_current if column == "nulls" else feature.out_of_range)


def columns_for(*, is_wide: bool) -> Sequence[Column]:
    """Return the columns of the table."""
    return WIDE_COLUMNS if is_wide else COLUMNS
