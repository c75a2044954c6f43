"""All that is known of a column of a chunk, in lines."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import isfinite

from rich.text import Text

from mlops_tui.domain.drift.drift_report import QUANTILES, FeatureDrift, FeatureKind, Histogram
from mlops_tui.tui.kit.column_layout import fit
from mlops_tui.tui.kit.facts import facts
from mlops_tui.tui.kit.formatting import number, plain
from mlops_tui.tui.monitoring.feature_cells import maybe, percent, sign

EIGHTHS = " ▏▎▍▌▋▊▉█"
BAR, LABEL, SHARE = 20, 21, 5
"""Cells of the longest bar, of the name of a bin, of a share."""
MOST_BINS = 40
CELL = 8
"""Cells of a quantile."""
NAMES = ("min", "median", "max")


def feature_text(feature: FeatureDrift) -> Text:
    """Return what stands in the details of a column: verdict, histograms, quantiles, facts."""
    blocks = [verdict(feature), histogram_text(feature.histogram), quantile_text(feature)]
    blocks.append(_facts(feature))
    return Text("\n\n").join(block for block in blocks if block.plain)


def verdict(feature: FeatureDrift) -> Text:
    """Return whether the column has drifted, in one line."""
    mark, style = sign(feature)
    if feature.effect is None:
        return Text.assemble((f"{mark} not compared: ", style), plain(feature.reason))
    words = "drifted" if feature.drifted else "no drift"
    noise = f"; noise alone gives {number(feature.noise)}" if feature.noise is not None else ""
    told = f"{feature.measure} {number(feature.effect)}, limit {number(feature.limit)}{noise}"
    return Text.assemble((f"{mark} {words}: ", f"bold {style}"), plain(told))


def _facts(feature: FeatureDrift) -> Text:
    p = f"{maybe(feature.p, 9)}, n {feature.n_current:,} against {feature.n_reference:,}"
    if feature.p_adjusted is not None:
        p += f"; {number(feature.p_adjusted)} adjusted for all columns"
    before, now = (
        percent(each) or "0%" for each in (feature.nulls_reference, feature.nulls_current)
    )
    is_number = feature.kind is FeatureKind.NUMBER
    named = ", ".join(feature.new_categories)
    more = feature.new_category_count - len(feature.new_categories)
    new = f"{feature.new_category_count:,}: {named}{f' and {more:,} more' if more > 0 else ''}"
    return facts(
        {
            "p": Text(p),
            "PSI": Text("" if feature.psi is None else number(feature.psi)),
            "nulls": Text(f"{now}, {before} in the reference"),
            "out of range": Text(percent(feature.out_of_range) or "0%" if is_number else ""),
            "new categories": plain(new if feature.new_category_count else ""),
            "type": plain(feature.dtype),
            "remark": plain(feature.reason if feature.effect is not None else "", "yellow"),
        }
    )


def histogram_text(histogram: Histogram | None) -> Text:
    """Return a line per bin with the bars of the reference and the chunk; nothing without bins."""
    if histogram is None or not histogram.reference:
        return Text("")
    names = histogram.labels or bin_names(histogram.edges)
    bins = list(zip(names, histogram.reference, histogram.current, strict=False))
    top = max((_size(each) for _, *shares in bins for each in shares), default=0.0)
    head = f"{'':{LABEL}} {'reference':{BAR + SHARE + 2}}chunk"
    lines = [Text(head, "dim")]
    lines += [_bin(name, before, now, top) for name, before, now in bins[:MOST_BINS]]
    if len(bins) > MOST_BINS:
        lines.append(Text(f"… {len(bins) - MOST_BINS:,} more", "dim"))
    return Text("\n").join(lines)


def _bin(name: str, before: float, now: float, top: float) -> Text:
    text = Text(fit(name, LABEL) + " ")
    text.append(f"{percent(before):>{SHARE}} ")
    text.append(f"{bar(before, top):{BAR}} ", "blue")
    return text.append(f"{percent(now):>{SHARE}} ").append(bar(now, top), "cyan")


def bar(value: float, top: float) -> str:
    """Return a bar from the left; whatever is above zero can be seen."""
    if _size(value) <= 0 or top <= 0:
        return ""
    eighths = max(1, round(BAR * 8 * (_size(value) / top)))
    return "█" * (eighths // 8) + (EIGHTHS[eighths % 8] if eighths % 8 else "")


def _size(value: float) -> float:
    return value if isfinite(value) and value > 0 else 0.0


def bin_names(edges: Sequence[float]) -> tuple[str, ...]:
    """Return a name for each bin between edges; the outer ones are open."""
    inner = [number(each, 9) for each in edges[1:-1]]
    if not inner:
        return ("all",) if len(edges) > 1 else ()
    between = [f"{low} to {high}" for low, high in pairwise(inner)]
    return (f"below {inner[0]}", *between, f"from {inner[-1]}")


def quantile_text(feature: FeatureDrift) -> Text:
    """Return the quantiles of a number, those of the reference above those of the chunk."""
    sides = {"reference": feature.quantiles_reference, "chunk": feature.quantiles_current}
    if not all(len(each) == len(QUANTILES) for each in sides.values()):
        return Text("")
    head = "".join(f" {name:>{CELL}}" for name in _quantile_names())
    lines = [Text(f"{'':9}{head}", "dim")]
    for name, values in sides.items():
        cells = "".join(f" {fit(number(each, CELL), CELL, 'right')}" for each in values)
        lines.append(Text(f"{name:9}{cells}"))
    return Text("\n").join(lines)


def _quantile_names() -> Iterator[str]:
    usual = dict(zip((0.0, 0.5, 1.0), NAMES, strict=True))
    return (usual.get(each, f"{each:.0%}") for each in QUANTILES)
