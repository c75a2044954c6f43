"""Runs as points: a trait across, a metric up."""

from collections.abc import Sequence

from mlops_tui.domain.compare.comparison import Kind, Trait
from mlops_tui.domain.compare.rank_correlation import spearman
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.charts.run_look import ChartedRun
from mlops_tui.tui.charts.series import Series
from mlops_tui.tui.kit.formatting import number

RHO = "ρ"  # noqa: RUF001 - the sign for a rank correlation


def points(
    runs: Sequence[Run], looks: Sequence[ChartedRun], across: Trait, metric: str
) -> list[Series]:
    """Return a point per run that has both; words stand at 0, 1, 2… by name."""
    up, places = Trait(Kind.METRIC, metric), _places(runs, across)
    found = []
    for run, look in zip(runs, looks, strict=True):
        value = across.of(run)
        x = places.get(str(value)) if places and value is not None else across.number(run)
        y = up.number(run)
        if x is not None and y is not None:
            found.append(Series(run.name, [x], [y], look.style, look.mark))
    return found


def relation(runs: Sequence[Run], across: Trait, shown: Sequence[Series]) -> str:
    """Say how closely the points follow each other, or which words stand where."""
    missing = len(runs) - len(shown)
    parts = [f"n={len(shown)}", *([f"{missing} without a value"] if missing else [])]
    if places := _places(runs, across):
        named = (f"{place:g}={one_line(word, 20)}" for word, place in places.items())
        return ", ".join([*parts, *named])
    rho = spearman([each.xs[0] for each in shown], [each.ys[0] for each in shown])
    return ", ".join([*parts, f"{RHO}={number(rho)}"] if rho is not None else parts)


def _places(runs: Sequence[Run], across: Trait) -> dict[str, float]:
    """Return where words stand; nothing when all the values are numbers."""
    values = [run for run in runs if across.of(run) is not None]
    if all(across.number(run) is not None for run in values):
        return {}
    words = sorted({str(across.of(run)) for run in values})
    return {word: float(place) for place, word in enumerate(words)}
