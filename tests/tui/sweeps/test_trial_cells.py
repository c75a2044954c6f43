from mlops_tui.domain.jobs.launchable import Target, TargetKind
from mlops_tui.domain.jobs.recipe import Value
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan
from mlops_tui.domain.sweeps.trial import Trial, TrialState
from mlops_tui.tui.sweeps import trial_cells

PLAN = SweepPlan(Target(TargetKind.SCRIPT, "t.py"), {}, "[red]acc\x1b[1m", Direction.MAX, trials=9)
POINT: dict[str, Value] = {"lr": 0.00123456, "[b]\x1b[2Jkind": "\x1b[31mx", "deep": True}
TRIALS = (
    Trial(0, POINT, TrialState.COMPLETE, 0.5, "r0", ended_at=1),
    Trial(1, POINT, TrialState.FAILED, reason="[bold]why\n\x1b[1m"),
    Trial(2, POINT, TrialState.COMPLETE, 0.75, "r2", ended_at=3),
    Trial(3, {}, TrialState.RUNNING, 0.9, "r3"),
    Trial(4, POINT, TrialState.COMPLETE, 0.7, "r4", ended_at=4),
)


def row(trial: Trial, *, is_best: bool = False) -> list[str]:
    columns = trial_cells.columns(PLAN, TRIALS)
    return [trial_cells.cell(trial, each.key, is_best=is_best).plain for each in columns]


def test_a_trial_is_a_row_of_harmless_text() -> None:
    titles = [column.title for column in trial_cells.columns(PLAN, TRIALS)]
    assert titles == ["#", "State", "[red]acc", "lr", "[b]kind", "deep", "Time", "Why"]
    best = row(TRIALS[2], is_best=True)
    assert best[:6] == ["★  2", "✓ complete", "0.75", "0.001235", "x", "true"]
    assert row(TRIALS[1])[1:3] == ["✗ failed", ""]
    assert row(TRIALS[1])[-1] == "[bold]why↵"
    assert row(TRIALS[3])[3:6] == ["", "", ""]


def test_the_best_come_first_those_without_a_value_last() -> None:
    numbers = [trial.number for trial in trial_cells.ordered(TRIALS, Direction.MAX)]
    assert numbers == [2, 4, 0, 1, 3]
    assert trial_cells.ordered(TRIALS, Direction.MIN)[0].number == 0


def test_a_line_says_how_far_it_is() -> None:
    line = trial_cells.summary(PLAN, TRIALS)
    assert line.startswith("★ [red]acc")
    assert line.endswith("deep=true (trial 2); 3 of 9 done, 1 running, 1 failed")
    assert trial_cells.summary(PLAN, ()) == "0 of 9 done; none is complete yet"


def test_the_best_so_far_is_drawn_as_stairs() -> None:
    each, best = trial_cells.series(PLAN, TRIALS)
    assert list(zip(each.xs, each.ys, strict=True)) == [(1, 0.5), (2, 0.75), (3, 0.7)]
    assert list(zip(best.xs, best.ys, strict=True)) == [
        *((1, 0.5), (2, 0.5), (2, 0.75), (3, 0.75), (3, 0.75))
    ]
    assert trial_cells.reading(PLAN, TRIALS)[0] == ("  [red]acc 0.75", "green")
    assert trial_cells.reading(PLAN, ()) == []
