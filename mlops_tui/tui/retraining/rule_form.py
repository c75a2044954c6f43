"""The rule of retraining, as a form."""

from collections.abc import Iterable, Mapping

from textual import on
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import InvalidInput, refuse_reasons
from mlops_tui.domain.retraining.retraining_rule import RetrainingRule
from mlops_tui.domain.retraining.rule_fields import FIELDS, rule_of_fields
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.launching.parameter_form import ParameterForm


class RetrainingRuleDialog(Dialog[RetrainingRule]):
    """Asks for the fields of a rule; enter goes on to its dry run."""

    HAS_EQUIVALENT = False
    DEFAULT_CSS = "RetrainingRuleDialog ParameterRow Input { width: 32; }"

    def __init__(
        self, model: str, texts: Mapping[str, str], before: RetrainingRule | None = None
    ) -> None:
        super().__init__(f"Retraining rule of {model}")
        self._model = model
        self._before = before
        self._form = ParameterForm(FIELDS, texts=texts)

    def compose_body(self) -> Iterable[Widget]:
        """Show the form."""
        yield Static("Any condition makes it fire. enter: dry run", classes="explain")
        yield self._form

    @on(ParameterForm.Edited)
    def _edited(self) -> None:
        self.refuse("")

    @on(ParameterForm.Submitted)
    def _confirm(self) -> None:
        values, reasons = self._form.values()
        try:
            refuse_reasons(reasons)
            self.dismiss(rule_of_fields(self._model, values, self._before))
        except InvalidInput as error:
            self.refuse(str(error))
