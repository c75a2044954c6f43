"""Bringing back what was in a stage, or under an alias, before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual import on
from textual.widget import Widget
from textual.widgets import Input, Label, Select, Static

from mlops_tui.domain.gate.rules import GATED
from mlops_tui.domain.gate.verdict import GateState, note_of
from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.domain.models.registry_event import reason_problem
from mlops_tui.domain.models.rollback import Rollback
from mlops_tui.domain.models.stage import Stage
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.facts import facts
from mlops_tui.tui.kit.field import Field
from mlops_tui.tui.kit.formatting import plain, timestamp


@dataclass(frozen=True, slots=True)
class RollbackChoice:
    """What is to be brought back, and why."""

    plan: Rollback
    reason: str


class RollbackDialog(Dialog[RollbackChoice]):
    """Names what leaves, what comes back, and what its gate said then."""

    def __init__(
        self,
        versions: Sequence[ModelVersion],
        plans: Sequence[Rollback],
        first: str,
    ) -> None:
        super().__init__(f"Roll back {plans[0].model}")
        self._versions = {each.version: each for each in versions}
        self._plans = {plan.subject: plan for plan in plans}
        self._first = first if first in self._plans else plans[0].subject

    def compose_body(self) -> Iterable[Widget]:
        """Ask what is rolled back, if there is a choice, and why."""
        if len(self._plans) > 1:
            choices = [(plain(subject), subject) for subject in self._plans]
            yield Label("What (shift+tab, then enter, chooses another)")
            yield Select(choices, value=self._first, allow_blank=False, compact=True, id="subject")
        yield Static(id="plan")
        yield Label("Why? The history keeps the reason.")
        yield Field(compact=True, id="reason")

    def on_mount(self) -> None:
        """Show the plan."""
        self._show()
        self.query_one("#reason").focus()

    @property
    def _plan(self) -> Rollback:
        chosen = self.query("#subject").results(Select)
        return self._plans[str(next(chosen).value) if len(self._plans) > 1 else self._first]

    @on(Select.Changed, "#subject")
    def _show(self) -> None:
        plan = self._plan
        came = plan.event
        by = (came.by or "somebody elsewhere") if came else ""
        then = f"{timestamp(came.at)} by {by}" if came else "not recorded"
        why = f": {came.reason}" if came and came.reason else ""
        gone = f"v{', v'.join(plan.gone)} was there in between, and is deleted" if plan.gone else ""
        self.query_one("#plan", Static).update(
            facts(
                {
                    "of": plain(plan.subject),
                    "now": plain(_names(plan.now) or "nothing"),
                    "comes back": plain(_names(plan.before), "bold"),
                    "does": plain(plan.describe()),
                    "came then": plain(then + why),
                    "gate then": plain(self._verdict()),
                    "deleted": plain(gone),
                }
            )
        )

    def _verdict(self) -> str:
        """Return what the gate of the stage said of those that come back."""
        if self._plan.subject not in GATED:
            return ""
        stage, told = Stage(self._plan.subject), []
        for number in self._plan.before:
            note = note_of(self._versions[number], stage) if number in self._versions else None
            if note:
                told.append(f"v{number} {note.status} on {timestamp(note.at)}")
        return ", ".join(told) or "none"

    def _has_failed(self) -> bool:
        if self._plan.subject not in GATED:
            return False
        stage = Stage(self._plan.subject)
        known = (self._versions[n] for n in self._plan.before if n in self._versions)
        notes = (note_of(each, stage) for each in known)
        return any(note and note.status == GateState.FAILED for note in notes)

    @on(Input.Changed, "#reason")
    def _edited(self, event: Input.Changed) -> None:
        self.refuse(reason_problem(event.value))

    @on(Input.Submitted, "#reason")
    def _confirm(self, event: Input.Submitted) -> None:
        reason = event.value.strip()
        if problem := reason_problem(reason):
            self.refuse(problem)
        elif self._has_failed() and not reason:
            self.refuse(f"{_names(self._plan.before)} failed its gate then: give a reason.")
        else:
            self.dismiss(RollbackChoice(self._plan, reason))

    def equivalent(self) -> str:
        """Return the command that does the same."""
        reason = self.query_one("#reason", Input).value.strip()
        return model_equivalents.rollback(self._plan.model, self._plan.subject, reason)


def _names(versions: Sequence[str]) -> str:
    return ", ".join(f"v{number}" for number in versions)
