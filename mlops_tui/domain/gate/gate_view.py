"""All that is known of the gate of a version, for somebody who looks at it."""

from dataclasses import dataclass

from mlops_tui.domain.errors import InvalidInput
from mlops_tui.domain.gate.rules import GateRules, parse_rules
from mlops_tui.domain.gate.verdict import GateState, Outcome, RuleResult, Verdict
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.stage import Stage
from mlops_tui.domain.processes.process import ProcessRecord


@dataclass(frozen=True, slots=True)
class GateView:
    """The gate of a stage as it is for a version."""

    version: ModelVersion
    stage: Stage
    text: str
    """The rules; empty where there is no gate."""
    state: GateState
    verdict: Verdict | None = None
    """The last one, whether it still counts or not."""
    problem: str = ""
    """Why the last verdict cannot be read."""
    job: ProcessRecord | None = None
    """What runs the gate now."""
    last_words: str = ""
    """The last line of that job's log."""
    metrics: tuple[str, ...] = ()
    """What the version's run logged, for completion."""
    datasets: tuple[str, ...] = ()

    @property
    def rules(self) -> GateRules | None:
        """The rules, None where there are none that make sense."""
        try:
            return parse_rules(self.text) if self.text else None
        except InvalidInput:
            return None

    @property
    def is_current(self) -> bool:
        """Whether the last verdict is one on the present rules."""
        rules, verdict = self.rules, self.verdict
        return bool(rules and verdict) and rules.digest == verdict.rules_digest  # type: ignore[union-attr]

    @property
    def results(self) -> tuple[RuleResult, ...]:
        """The verdict rule by rule; where there is none on these rules, the rules alone."""
        if self.is_current and self.verdict:
            return self.verdict.results
        rules = self.rules.rules if self.rules else ()
        return tuple(
            RuleResult(rule.describe(), Outcome.NOT_EVALUATED, limit=rule.limit, number=number)
            for number, rule in enumerate(rules, 1)
        )

    def describe(self) -> str:
        """Say in a sentence how the gate stands."""
        label = f"v{self.version.version}"
        if self.state is GateState.NONE:
            return f"{self.stage} has no gate: any version may enter."
        if self.text and self.rules is None:
            return "The rules cannot be read: e edits them."
        if self.job is not None and self.job.waits:
            return "It waits for a free slot, as other jobs do."
        if self.state is GateState.RUNNING:
            return f"Running. {self.last_words}".rstrip()
        if self.state is GateState.MISSING:
            return f"{label} has not been checked. {self.problem}".rstrip()
        return f"{label} {self._verdict_words()}"

    def _verdict_words(self) -> str:
        verdict = self.verdict
        if verdict is None:
            return f"{self.state}, without a verdict. {self.problem}".rstrip()
        against = f" against v{verdict.champion}" if verdict.champion else ""
        if self.state is GateState.STALE:
            why = "the version in the stage changed" if self.is_current else "the rules changed"
            return f"{verdict.status}{against}, but {why} since. Run it again."
        failed = sum(result.is_blocking for result in verdict.results)
        count = f": {failed} of {len(verdict.results)} keep it out" if failed else ""
        return f"{self.state}{against}{count}."
