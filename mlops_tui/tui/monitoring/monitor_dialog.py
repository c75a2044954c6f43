"""Asks what a new monitor watches, and what it compares with."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

from textual import events, on, work
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError, refuse_reasons
from mlops_tui.domain.monitoring.monitor import MonitorPlan
from mlops_tui.domain.plain_text import one_line
from mlops_tui.services.monitoring.monitor_setup import MonitorWish
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.first_completion import one_of
from mlops_tui.tui.launching.parameter_form import ParameterForm
from mlops_tui.tui.monitoring.monitor_fields import FIELDS, command_of, wish_of

MakePlan = Callable[[MonitorWish], Awaitable[MonitorPlan]]
Texts = Mapping[str, str]


class MonitorDialog(Dialog[tuple[Texts, MonitorPlan]]):
    """A form of which one field is needed; ``make_plan`` says what is wrong with the rest.

    Its result is what was typed with the plan that this gives. ``known`` offers names by field.
    """

    DEFAULT_CSS = """
    MonitorDialog {
        #box { width: 100%; max-width: 100; max-height: 100%; }
        #box .explain { margin-bottom: 0; }
        ParameterRow Input, ParameterRow Select { width: 30; }
        #field { height: 1; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
    }
    """

    def __init__(
        self,
        offered: Texts,
        known: Mapping[str, Sequence[str]],
        make_plan: MakePlan,
        python: str = "",
        reason: str = "",
    ) -> None:
        super().__init__("Set up a monitor")
        self._form = ParameterForm(FIELDS, texts=offered)
        self._form.completers = {name: one_of(names) for name, names in known.items()}
        self._make_plan = make_plan
        self._python = python
        self._reason = reason
        self._refused: Texts = {}
        """What was typed when it was refused."""

    def compose_body(self) -> Iterable[Widget]:
        """Put the form above what its field is, and the command that does the same."""
        yield self._form
        yield Static(markup=False, id="field")
        yield Static(markup=False, classes="explain", id="command")

    def on_mount(self) -> None:
        """Show the command, and why the monitor was not set up before."""
        self._show_command()
        self._refuse(self._reason)

    def _refuse(self, reason: str) -> None:
        self._refused = self._form.texts
        self.refuse(reason)

    def _show_command(self) -> None:
        self.query_one("#command", Static).update(one_line(self.equivalent(), 600))

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _explain_field(self) -> None:
        """Say all that is known of the field that has the keys: beside it there is little room."""
        self.query_one("#field", Static).update(self._form.explanation, layout=False)

    @on(ParameterForm.Edited)
    def _edited(self) -> None:
        """Show the command; why it was refused, until something is changed."""
        self._explain_field()
        self._show_command()
        if self._form.texts != self._refused:
            self.refuse("")

    @on(ParameterForm.Submitted)
    @work(group="plan", exclusive=True)
    async def _confirm(self) -> None:
        _, reasons = self._form.values()
        texts = self._form.texts
        self.refuse("")
        try:
            refuse_reasons(reasons)
            plan = await self._make_plan(wish_of(texts, self._python))
        except ServiceError as error:
            self._refuse(str(error))
        else:
            self.dismiss((texts, plan))

    def equivalent(self) -> str:
        """Return the command that sets the same monitor up."""
        return command_of(self._form.texts)
