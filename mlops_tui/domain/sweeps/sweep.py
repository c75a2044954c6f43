"""A sweep as MLflow knows it."""

from dataclasses import dataclass

from mlops_tui.domain.runs.run import Run
from mlops_tui.domain.sweeps.sweep_plan import SweepPlan
from mlops_tui.domain.sweeps.trial import Trial


@dataclass(frozen=True, slots=True)
class Sweep:
    """The run that holds the trials, what is tried, the trials by number."""

    run: Run
    plan: SweepPlan
    trials: tuple[Trial, ...]

    @property
    def left(self) -> int:
        """How many trials are not done: failed ones or those cut off are tried again."""
        return self.plan.trials - sum(trial.state.is_done for trial in self.trials)
