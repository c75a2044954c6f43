"""The retraining of a model, for somebody who looks at it."""

from dataclasses import dataclass

from mlops_tui.domain.retraining.attempt import RetrainingAttempt
from mlops_tui.domain.retraining.retraining_rule import RetrainingRule


@dataclass(frozen=True, slots=True)
class StoredRule:
    """The rule of a model as MLflow has it; ``rule`` is None where the text makes no sense."""

    model: str
    text: str
    rule: RetrainingRule | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Retraining:
    """The rule of a model, what it says now, and its attempts, newest first."""

    model: str
    stored: StoredRule | None
    sentence: str
    attempts: tuple[RetrainingAttempt, ...] = ()

    @property
    def underway(self) -> RetrainingAttempt | None:
        """The attempt that has not ended."""
        return next((each for each in self.attempts if each.is_underway), None)
