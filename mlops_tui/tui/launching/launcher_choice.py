"""Asks where a job runs, and what it needs there."""

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical

from mlops_tui.domain.errors import refuse_reasons
from mlops_tui.domain.jobs.job_options import JobOptions, options_of
from mlops_tui.domain.jobs.launcher_form import LauncherForm, form_titled, launcher_fields
from mlops_tui.tui.launching.parameter_form import ParameterForm
from mlops_tui.tui.launching.parameter_row import ParameterRow


class LauncherChoice(Vertical):
    """This machine, or a launcher with its resources; those of other launchers are hidden.

    Without launchers there is no choice, and nothing is shown.
    """

    DEFAULT_CSS = "LauncherChoice { height: auto; }"

    def __init__(
        self, launchers: Sequence[LauncherForm], runs_on: str, resources: Mapping[str, str]
    ) -> None:
        super().__init__()
        self._launchers = launchers
        self._form = ParameterForm(
            launcher_fields(launchers),
            texts={"runs_on": runs_on, **resources},
            check=lambda _values: self._options()[1],
        )

    def compose(self) -> ComposeResult:
        """Make the fields."""
        yield self._form

    def on_mount(self) -> None:
        """Hide what is not chosen."""
        self._show_chosen()

    @on(ParameterForm.Edited)
    def _show_chosen(self) -> None:
        form = form_titled(self._launchers, self._options()[0].runs_on)
        fields = {each.name for each in form.fields} if form else set()
        for row in self.query(ParameterRow):
            row.display = row.parameter.name in {"runs_on", *fields}

    def collect(self) -> tuple[str, Mapping[str, str]]:
        """Return the launcher by its title, with its resources. Raises ``InvalidInput``."""
        options, reasons = self._options()
        refuse_reasons(reasons)
        return options.runs_on, options.resources

    def _options(self) -> tuple[JobOptions, dict[str, str]]:
        return options_of(self._form.texts, self._launchers)
