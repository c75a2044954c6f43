"""The end of runs that nobody ended."""

from collections.abc import Callable, Iterable, Sequence

from rich.text import Text
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.runs.run import RunStatus
from mlops_tui.tui.kit.confirm import which_lines
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.runs.run_keys import SETTLE_DIALOG

CHOICES = (("k", RunStatus.KILLED), ("f", RunStatus.FAILED))


class SettleDialog(Dialog[RunStatus]):
    """Names the runs; asks whether they are to read KILLED or FAILED."""

    BINDINGS = bindings(SETTLE_DIALOG)

    def __init__(
        self, title: str, which: Sequence[str], equivalent: Callable[[RunStatus], str]
    ) -> None:
        super().__init__(title)
        self._which = which
        self._equivalent = equivalent
        self._status = RunStatus.KILLED

    def compose_body(self) -> Iterable[Widget]:
        """Show the runs with the choice."""
        yield Static(
            "MLflow hears of no run that died. Settled, it has an end; a process that is still "
            "alive may go on logging to it.",
            markup=False,
            classes="explain",
        )
        yield Static(which_lines(self._which), markup=False)
        yield Static(id="choice")

    def on_mount(self) -> None:
        """Show the first choice."""
        self._show()

    def action_choose(self, status: str) -> None:
        """Choose the status."""
        self._status = RunStatus(status)
        self._show()

    def action_confirm(self) -> None:
        """Settle them so."""
        self.dismiss(self._status)

    def _show(self) -> None:
        line = Text()
        for key, status in CHOICES:
            chosen = status is self._status
            line.append(f" {'▶' if chosen else ' '}{key} ", "bold")
            line.append(f"{status}  ", "reverse" if chosen else "")
        self.query_one("#choice", Static).update(line)

    def equivalent(self) -> str:
        """Return the calls of MLflow that do the same."""
        return self._equivalent(self._status)
