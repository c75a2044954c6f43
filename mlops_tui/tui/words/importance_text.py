"""The estimate of what a metric depends on, in words and bars."""

from collections.abc import Sequence

from rich.text import Text

from mlops_tui.domain.runs.importance import FEW, Importance
from mlops_tui.tui.charts.scatter import RHO
from mlops_tui.tui.words.facts import WIDEST
from mlops_tui.tui.words.formatting import number, plain

BAR = 20
"""Cells of a bar for all of the variance."""


def importance_text(metric: str, found: Sequence[Importance]) -> Text:
    """Return a line per param: bar, share, direction, how many runs it rests on."""
    text = Text.assemble(("What ", "bold"), plain(metric, "bold"), (" depends on", "bold"), "\n")
    if not found:
        return text.append("At least three runs with params that differ are needed.", "dim")
    text.append("An estimate: the share of the variance of its ranks (rank correlation squared\n")
    text.append("for numbers, eta squared for words). Params varied together share a cause.\n\n")
    if min(each.runs for each in found) < FEW:
        text.append(f"Fewer than {FEW} runs: chance alone may look like this.\n\n", "yellow")
    for each in found:
        name = plain(each.param)
        name.truncate(WIDEST, overflow="ellipsis", pad=True)
        filled = round(each.share * BAR)
        text.append(name)
        text.append(f" {'█' * filled}{'·' * (BAR - filled)} ", "cyan")
        text.append(f"{each.share:>4.0%}  {_direction(each)}  n={each.runs}\n")
    return text


def _direction(each: Importance) -> str:
    if each.correlation is None:
        return "words"
    sense = "more" if each.correlation > 0 else "less"
    return f"{sense} with more, {RHO}={number(each.correlation)}"
