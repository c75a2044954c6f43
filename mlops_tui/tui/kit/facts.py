"""Formats names with their values, one pair a line."""

from collections.abc import Mapping

from rich.cells import cell_len
from rich.text import Text

from mlops_tui.tui.kit.formatting import plain

WIDEST = 24
"""The most cells of a name."""


def facts(pairs: Mapping[str, Text]) -> Text:
    """Return the pairs that have a value, one a line, with aligned values."""
    shown = {plain(name).plain: value for name, value in pairs.items() if value.plain}
    width = min(max(map(cell_len, shown), default=0), WIDEST)
    lines = []
    for name, value in shown.items():
        label = Text(name, style="dim", no_wrap=True)
        label.truncate(WIDEST, overflow="ellipsis", pad=False)
        label.pad_right(max(0, width - label.cell_len) + 1)
        lines.append(Text.assemble(label, value))
    return Text("\n").join(lines)


def section(title: str, pairs: Mapping[str, Text]) -> Text:
    """Return the pairs below a title; nothing when there are none."""
    if not pairs:
        return Text("")
    return Text("\n").join([Text(f"\n{title} ({len(pairs)})", style="bold"), facts(pairs)])
