"""The estimate of what a metric depends on, in words and bars."""

from rich.cells import cell_len
from rich.text import Text

from mlops_tui.domain.compare.importance import FEW, Estimate, Importance
from mlops_tui.domain.plain_text import counted
from mlops_tui.tui.compare.scatter_pane import RHO
from mlops_tui.tui.kit.facts import WIDEST
from mlops_tui.tui.kit.formatting import number, plain

BAR = 12
"""Cells of a bar for all of the variance."""

MONOTONE = 0.5
"""Of a share, what the rank correlation alone must explain for it to be named."""


def importance_text(metric: str, found: Estimate) -> Text:
    """Return a line per param: bar, share, best values, direction, how many runs it rests on."""
    if not metric:
        return Text("These runs have no metric that could depend on anything.", "dim")
    text = Text.assemble(("What ", "bold"), plain(metric, "bold"), (" depends on", "bold"), "\n")
    text.append(f"{_population(found)}\n", "dim")
    if not found.params:
        return text.append(
            "At least three finished runs with params that differ are needed.", "dim"
        )
    text.append("An estimate: the share of the variance of its ranks that lies between groups of\n")
    text.append("values, less what chance gives. Params varied together share a cause.\n\n")
    if min(each.runs for each in found.params) < FEW:
        text.append(f"Fewer than {FEW} runs: chance alone may look like this.\n\n", "yellow")
    width = min(WIDEST, max(cell_len(plain(each.param).plain) for each in found.params))
    for each in found.params:
        name = plain(each.param)
        name.truncate(width, overflow="ellipsis", pad=True)
        filled = round(each.share * BAR)
        text.append(name)
        text.append(f" {'█' * filled}{'·' * (BAR - filled)} ", "cyan")
        text.append(f"{each.share:>4.0%}  best {_best(each)}  ")
        text.append(f"{_direction(each)}n={each.runs}\n", "dim")
    return text


def _population(found: Estimate) -> str:
    others = f", without {counted(found.others, 'run')} that did not finish" if found.others else ""
    more = "" if found.is_whole else "; more are on the server"
    return f"Over {counted(found.runs, 'run')} that finished{others}{more}."


def _best(each: Importance) -> str:
    if isinstance(each.best, str):
        return plain(each.best).plain
    low, high = map(number, each.best)
    return low if low == high else f"{low}…{high}"


def _direction(each: Importance) -> str:
    if each.correlation is None or each.correlation**2 < MONOTONE * each.share:
        return ""
    sense = "rises" if each.correlation > 0 else "falls"
    return f"{sense} with it ({RHO}={each.correlation:.2f})  "
