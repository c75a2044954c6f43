from dataclasses import replace

import pytest

from mlops_tui.domain.jobs.recipe import Value
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.sweeps.search_space import Choice, Range, SearchSpace
from mlops_tui.domain.sweeps.sweep_plan import Method, SweepPlan
from mlops_tui.domain.sweeps.trial import Trial, TrialState
from mlops_tui.services.sweeps.samplers import Sampler, sampler_of
from tests.domain.sweeps.test_sweep_plan import SCRIPT

SPACE: SearchSpace = {
    "x": Range(-10.0, 10.0),
    "depth": Range(1, 64, is_whole=True, is_log=True),
    "kind": Choice(("good", "bad")),
    "text": Range(1, 9, is_whole=True, is_text=True),
}
PLAN = SweepPlan(SCRIPT.target, {}, "loss", Direction.MIN, Method.TPE, trials=40)
CURVE = MetricHistory("run", "loss", (0, 1), (0, 0), (9.0, 8.0), 2)


def loss(point: dict[str, Value]) -> float:
    return (float(point["x"]) - 3) ** 2 + (20 if point["kind"] == "bad" else 0)


def tried(sampler: Sampler, numbers: range) -> list[Trial]:
    done = []
    for number in numbers:
        point = sampler.suggest(number)
        done.append(Trial(number, point, TrialState.COMPLETE, loss(point), f"r{number}"))
        sampler.tell(done[-1], CURVE)
    return done


def mean(trials: list[Trial]) -> float:
    return sum(trial.value or 0.0 for trial in trials) / len(trials)


def test_grid_and_random_learn_nothing() -> None:
    space = {"kind": SPACE["kind"]}
    grid = sampler_of(replace(PLAN, method=Method.GRID), space)
    assert [grid.suggest(number) for number in (1, 0)] == [{"kind": "bad"}, {"kind": "good"}]
    grid.tell(Trial(0))
    drawn = [sampler_of(replace(PLAN, method=Method.RANDOM), SPACE).suggest(3) for _ in range(2)]
    assert drawn[0] == drawn[1]


def test_tpe_gets_better_and_keeps_to_the_space() -> None:
    trials = tried(sampler_of(PLAN, SPACE), range(40))
    assert mean(trials[25:]) < mean(trials[:10]) / 2
    for trial in trials:
        point = trial.point
        assert -10 <= float(point["x"]) <= 10
        assert isinstance(point["depth"], int)
        assert point["text"] in [str(number) for number in range(1, 10)]
    again = tried(sampler_of(PLAN, SPACE), range(12))
    assert [trial.point for trial in again] == [trial.point for trial in trials[:12]]


def test_tpe_that_goes_on_knows_the_trials_before() -> None:
    before = tried(sampler_of(PLAN, SPACE), range(25))
    sampler = sampler_of(PLAN, SPACE, told=25)
    for trial in before:
        sampler.tell(trial)
    after = tried(sampler, range(25, 35))
    assert not {tuple(t.point.values()) for t in after} & {tuple(t.point.values()) for t in before}
    assert mean(after) < mean(before[:10])


def test_tpe_that_goes_on_does_not_draw_the_first_values_again() -> None:
    before = tried(sampler_of(PLAN, SPACE), range(3))
    sampler = sampler_of(PLAN, SPACE, told=3)
    for trial in before:
        sampler.tell(trial)
    assert sampler.suggest(3) != before[0].point


@pytest.mark.parametrize(
    "point", [{}, {"x": 99}, {"x": "odd"}, {"x": 1, "depth": 2, "kind": "ugly", "text": "3"}]
)
def test_tpe_leaves_out_an_earlier_trial_that_is_not_of_its_space(point: dict[str, Value]) -> None:
    sampler = sampler_of(PLAN, SPACE, told=1)
    sampler.tell(Trial(0, point, TrialState.COMPLETE, 1.0))
    assert sampler.suggest(1).keys() == SPACE.keys()


def test_tpe_hears_of_trials_that_failed_or_were_ended_early() -> None:
    sampler = sampler_of(replace(PLAN, at_once=2, direction=Direction.MAX), SPACE)
    points = [sampler.suggest(number) for number in range(3)]
    sampler.tell(Trial(0, points[0], TrialState.FAILED))
    sampler.tell(Trial(1, points[1], TrialState.PRUNED), CURVE)
    sampler.tell(Trial(2, points[2], TrialState.COMPLETE, 0.5), None)
    sampler.tell(Trial(7, points[0], TrialState.FAILED))
    sampler.tell(Trial(8, points[1], TrialState.PRUNED), CURVE)
    assert sampler.suggest(9).keys() == SPACE.keys()


def test_negative_steps_teach_nothing_and_refuse_nothing() -> None:
    odd = MetricHistory("run", "loss", (-5, 0, 1), (0, 0, 0), (9.0, 8.0, 7.0), 3)
    sampler = sampler_of(PLAN, SPACE)
    point = sampler.suggest(0)
    ended = Trial(0, point, TrialState.COMPLETE, 7.0, "r0")
    sampler.tell(ended, odd)
    sampler.suggest(1)
    sampler.tell(Trial(1, {}, TrialState.PRUNED, None, "r1"), odd)
    again = sampler_of(PLAN, SPACE, told=1)
    again.tell(ended, odd)
    assert set(again.suggest(1)) == set(SPACE)
