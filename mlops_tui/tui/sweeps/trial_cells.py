"""How the trials of a sweep read in a table, a line, a chart."""

from collections import Counter
from collections.abc import Sequence

from rich.text import Text

from mlops_tui.domain.jobs.recipe import to_text
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan
from mlops_tui.domain.sweeps.trial import Trial, TrialState, best_so_far, best_trial
from mlops_tui.tui.charts.braille import Span
from mlops_tui.tui.charts.series import BEST, Series
from mlops_tui.tui.kit.formatting import elapsed, number, plain, status_cell
from mlops_tui.tui.kit.table import Column

POINT = "point."
"""Before the name of a swept parameter, in the key of its column."""


def columns(plan: SweepPlan, trials: Sequence[Trial]) -> list[Column]:
    """Return number, state, value, then what was tried."""
    names = dict.fromkeys(name for trial in trials for name in trial.point)
    return [
        Column("number", "#", 5, justify="right"),
        Column("state", "State", 10),
        Column("value", one_line(plan.metric, 40), 12, justify="decimal"),
        *(
            Column(f"{POINT}{name}", one_line(name, 40), max(8, min(16, len(name))))
            for name in names
        ),
        Column("elapsed", "Time", 6, justify="right"),
        Column("reason", "Why", 20, grow=True),
    ]


def cell(trial: Trial, column: str, *, is_best: bool) -> Text:
    """Return what a trial says in a column."""
    if column == "number":
        return Text(f"{BEST if is_best else ' '}{trial.number:>3}", "bold" if is_best else "")
    if column == "state":
        return status_cell(trial.state)
    if column == "value":
        shown = "" if trial.value is None else number(trial.value)
        return Text(shown, "bold" if is_best else "" if trial.is_complete else "dim")
    if column == "elapsed":
        return Text(elapsed(trial.started_at, trial.ended_at))
    if column == "reason":
        return plain(trial.reason)
    value = trial.point.get(column.removeprefix(POINT))
    return plain(number(value) if isinstance(value, float) else to_text(value))


def ordered(trials: Sequence[Trial], direction: Direction) -> list[Trial]:
    """Return the trials with the best first, those without a value last."""
    sign = 1 if direction is Direction.MIN else -1
    return sorted(
        trials,
        key=lambda each: (
            not each.is_complete,
            sign * each.value if each.is_complete and each.value is not None else 0,
            each.number,
        ),
    )


def summary(plan: SweepPlan, trials: Sequence[Trial]) -> str:
    """Say how far a sweep is, with what is best so far."""
    states = Counter(trial.state for trial in trials)
    done = states[TrialState.COMPLETE] + states[TrialState.PRUNED]
    parts = [f"{done} of {plan.trials} done"]
    for state in (TrialState.RUNNING, TrialState.PRUNED, TrialState.FAILED, TrialState.STOPPED):
        parts += [f"{states[state]} {state}"] if states[state] else []
    line = ", ".join(parts)
    best = best_trial(trials, plan.direction)
    if best is None or best.value is None:
        return f"{line}; none is complete yet"
    point = " ".join(f"{name}={to_text(value)}" for name, value in best.point.items())
    return f"{BEST} {plan.metric} {number(best.value)}: {point} (trial {best.number}); {line}"


def series(plan: SweepPlan, trials: Sequence[Trial]) -> list[Series]:
    """Return the stairs of the best so far, before the values of the trials."""
    known = {trial.number: trial.value for trial in trials}
    curve = best_so_far(trials, plan.direction)
    each = [known[number] or 0.0 for number, _ in curve]
    xs: list[float] = []
    stairs: list[float] = []
    for place, (_, best) in enumerate(curve, 1):
        xs += [place, place] if stairs else [place]
        stairs += [stairs[-1], best] if stairs else [best]
    return [
        Series("", range(1, len(each) + 1), each, "dim", is_backdrop=True),
        Series(f"best {plan.metric}", xs, stairs, "green"),
    ]


def reading(plan: SweepPlan, trials: Sequence[Trial]) -> list[Span]:
    """Return what the heading of the chart says."""
    best = best_trial(trials, plan.direction)
    value = best.value if best else None
    if value is None:
        return []
    said = f"  {one_line(plan.metric, 40)} {number(value)}"
    return [(said, "green"), ("  dim: each trial", "dim")]
