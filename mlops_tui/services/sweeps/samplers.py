"""Samplers, which choose the values of the next trial."""

import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.metrics.direction import Direction
from mlops_tui.domain.metrics.metric import MetricHistory
from mlops_tui.domain.sweeps.sampling import Point, grid_axes, grid_point, random_point
from mlops_tui.domain.sweeps.search_space import Choice, Range, SearchSpace
from mlops_tui.domain.sweeps.sweep_plan import Method, SweepPlan
from mlops_tui.domain.sweeps.trial import Trial, TrialState

if TYPE_CHECKING:
    from optuna.distributions import BaseDistribution

NEEDS_OPTUNA = ServiceError(
    "A TPE sweep needs Optuna, which is not installed.",
    "Install it with pip install 'mlops-tui[sweep]', or choose random search.",
)


class Sampler(Protocol):
    """Chooses the values of trials, by their number."""

    def suggest(self, number: int) -> Point:
        """Return what the trial is to try."""

    def tell(self, trial: Trial, history: MetricHistory | None = None) -> None:
        """Add the result of a trial, of this sweep or of the one it continues."""


def sampler_of(plan: SweepPlan, space: SearchSpace, told: int = 0) -> Sampler:
    """Return the sampler of a checked plan; ``told`` is how many trials are known already.

    Raises ``ServiceError`` where it needs Optuna and there is none.
    """
    if plan.method is Method.TPE:
        return _Tpe(plan, space, told)
    return _Listed(plan, space)


def check_available(method: Method) -> None:
    """Raise ``ServiceError`` where the method needs what is not installed."""
    from importlib.util import find_spec

    if method is Method.TPE and find_spec("optuna") is None:
        raise NEEDS_OPTUNA


class _Listed:
    """Grid or random search: the points are known beforehand."""

    def __init__(self, plan: SweepPlan, space: SearchSpace) -> None:
        self._plan = plan
        self._space = space
        self._axes = grid_axes(space) if plan.method is Method.GRID else {}

    def suggest(self, number: int) -> Point:
        if self._axes:
            return grid_point(self._axes, number)
        return random_point(self._space, self._plan.seed, number)

    def tell(self, trial: Trial, history: MetricHistory | None = None) -> None:
        """Learn nothing."""


class _Tpe:
    """Optuna's TPE sampler."""

    def __init__(self, plan: SweepPlan, space: SearchSpace, told: int) -> None:
        check_available(plan.method)
        import optuna

        optuna.logging.set_verbosity(optuna.logging.WARNING)
        with warnings.catch_warnings():
            # Of the constant liar, which keeps trials at once from trying the same.
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            # A seed alone would draw the first values again where a sweep goes on.
            sampler = optuna.samplers.TPESampler(
                seed=plan.seed + told, constant_liar=plan.at_once > 1
            )
        directions = optuna.study.StudyDirection
        toward = directions.MINIMIZE if plan.direction is Direction.MIN else directions.MAXIMIZE
        self._study = optuna.create_study(direction=toward, sampler=sampler)
        self._space = space
        self._distributions = {name: _distribution(each) for name, each in space.items()}
        self._asked: dict[int, Any] = {}

    def suggest(self, number: int) -> Point:
        asked = self._study.ask(self._distributions)
        self._asked[number] = asked
        return {name: self._shown(name, value) for name, value in asked.params.items()}

    def _shown(self, name: str, value: Any) -> Any:
        dimension = self._space[name]
        return value if isinstance(dimension, Choice) else dimension.value(value)

    def tell(self, trial: Trial, history: MetricHistory | None = None) -> None:
        from optuna.trial import TrialState as State

        states = {TrialState.COMPLETE: State.COMPLETE, TrialState.PRUNED: State.PRUNED}
        state = states.get(trial.state, State.FAIL)
        value = trial.value if state is State.COMPLETE else None
        asked = self._asked.pop(trial.number, None)
        points = zip(history.steps, history.values, strict=True) if history else ()
        # Optuna knows no step before the first.
        steps = {step: at for step, at in points if step >= 0}
        if asked is not None:
            for step, at in steps.items():
                asked.report(at, step)
            self._study.tell(asked, value, state=state)
        elif state is not State.FAIL and (params := self._params(trial.point)):
            from optuna.trial import create_trial

            self._study.add_trial(
                create_trial(
                    state=state,
                    value=value,
                    params=params,
                    distributions=self._distributions,
                    intermediate_values=steps,
                )
            )

    def _params(self, point: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of an earlier trial, nothing where they are not of this space."""
        found: dict[str, Any] = {}
        for name, dimension in self._space.items():
            value = point.get(name)
            if isinstance(dimension, Choice):
                if value not in dimension.values:
                    return {}
            else:
                try:
                    value = int(value) if dimension.is_whole else float(value)  # type: ignore[arg-type]
                except (TypeError, ValueError):
                    return {}
                if not dimension.low <= value <= dimension.high:
                    return {}
            found[name] = value
        return found


def _distribution(dimension: Choice | Range) -> "BaseDistribution":
    from optuna.distributions import (
        CategoricalDistribution,
        FloatDistribution,
        IntDistribution,
    )

    if isinstance(dimension, Choice):
        return CategoricalDistribution(dimension.values)
    if dimension.is_whole:
        return IntDistribution(int(dimension.low), int(dimension.high), log=dimension.is_log)
    return FloatDistribution(dimension.low, dimension.high, log=dimension.is_log)
