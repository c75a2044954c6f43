"""Who changed a registered model, when and why."""

from collections.abc import Iterable

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.models import model_equivalents
from mlops_tui.domain.models.registry_event import Outcome, RegistryEvent, why
from mlops_tui.services.models.history_reading import History
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.facts import facts
from mlops_tui.tui.kit.formatting import plain, timestamp
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.table import Column, Table
from mlops_tui.tui.models.model_keys import HISTORY_DIALOG

COLUMNS = (
    Column("when", "When", 16),
    Column("who", "Who", 10),
    Column("what", "What", 26, grow=True),
    Column("why", "Why", 14, grow=True),
)
MINUTES = 16
"""Characters of a time without its seconds."""


class HistoryDialog(Dialog[None]):
    """The changes of a model, newest first, with all that is known of the one under the cursor."""

    BINDINGS = bindings(HISTORY_DIALOG)
    DEFAULT_CSS = """
    HistoryDialog {
        #box { width: 100%; max-width: 160; }
        #box Table { height: auto; min-height: 4; max-height: 12; }
        #event { height: auto; max-height: 8; }
    }
    """
    AUTO_FOCUS = "Table"

    def __init__(self, model: str, history: History) -> None:
        super().__init__(f"History of {model}")
        self._model = model
        self._remark = history.remark
        self._events = {str(number): event for number, event in enumerate(history.events)}

    def compose_body(self) -> Iterable[Widget]:
        """Put the change under the cursor below the list."""
        yield Table(id="events", openable=False)
        yield Static(id="event")
        yield Static(Text(self._remark, "dim"), id="remark")

    def on_mount(self) -> None:
        """Fill the list."""
        table = self.query_one("#events", Table)
        table.say("No changes yet.")
        table.show(list(self._events), self._cell, COLUMNS)
        self._show_event()

    @on(Table.Highlighted, "#events")
    def _show_event(self) -> None:
        event = self._events.get(self.query_one("#events", Table).cursor_key or "")
        self.query_one("#event", Static).update(told(event) if event else Text(""))

    def _cell(self, key: str, column: str) -> Text:
        event = self._events[key]
        style = "" if event.outcome is Outcome.DONE else "yellow"
        match column:
            case "when":
                return Text(timestamp(event.at)[:MINUTES], style)
            case "who":
                return plain("seen" if event.is_seen else event.by, style)
            case "what":
                return plain(event.describe(), style)
        return plain(why(event), style)

    def equivalent(self) -> str:
        """Return the command that prints the history."""
        return model_equivalents.history(self._model)

    def action_close(self) -> None:
        """Close the history."""
        self.dismiss(None)


def told(event: RegistryEvent) -> Text:
    """Return all that is known of a change."""
    when = timestamp(event.at)
    if event.since is not None:
        when = f"seen between {timestamp(event.since)} and {when}: made elsewhere"
    return facts(
        {
            "when": Text(when),
            "by": plain(event.by),
            "what": plain(event.describe()),
            "why": plain(why(event)),
            "gate": plain(event.gate_run and f"validation run {event.gate_run}"),
            "run": plain(event.event_id or "not recorded yet"),
        }
    )
