"""One rule of a gate, as a form."""

from collections.abc import Iterable, Mapping

from textual import on
from textual.widget import Widget

from mlops_tui.domain.errors import InvalidInput, refuse_reasons
from mlops_tui.domain.gate.gate_view import GateView
from mlops_tui.domain.gate.metric_names import METRICS
from mlops_tui.domain.gate.rule import Rule, RuleKind
from mlops_tui.domain.gate.rule_form import parameters_of, rule_of, texts_of
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.first_completion import one_of
from mlops_tui.tui.launching.parameter_form import ParameterForm, Values


class RuleDialog(Dialog[Rule]):
    """Asks for the fields of a rule, which are checked together; enter keeps it."""

    HAS_EQUIVALENT = False
    DEFAULT_CSS = "RuleDialog ParameterRow Input { width: 32; }"

    def __init__(self, kind: RuleKind, view: GateView, rule: Rule | None = None) -> None:
        super().__init__(f"Rule of the gate for {view.stage}")
        self._kind = kind
        fields = parameters_of(kind)
        self._form = ParameterForm(fields, texts=texts_of(rule) if rule else None)
        named = {field.name for field in fields}
        known = {"metric": view.metrics, "evaluate": METRICS, "dataset": view.datasets}
        self._form.completers = {n: one_of(known[n]) for n in named & known.keys()}

    def compose_body(self) -> Iterable[Widget]:
        """Show the form."""
        yield self._form

    @on(ParameterForm.Edited)
    def _edited(self) -> None:
        self.refuse("")

    @on(ParameterForm.Submitted)
    def _confirm(self) -> None:
        values, reasons = self._form.values()
        try:
            self.dismiss(self._rule(values, reasons))
        except InvalidInput as error:
            self.refuse(str(error))

    def _rule(self, values: Values, reasons: Mapping[str, str]) -> Rule:
        refuse_reasons(reasons)
        return rule_of(self._kind, values)
