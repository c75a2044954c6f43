"""The requests of a model: its example, those with a name, those that were sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from rich.text import Text
from textual import on
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.serving.sent_query import SentQuery
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.kit.formatting import clock, plain, timestamp
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.table import Column, Table
from mlops_tui.tui.serving.serving_keys import REQUESTS_DIALOG

COLUMNS = (
    Column("at", "Sent", 16),
    Column("version", "Ver", 4),
    Column("status", "Answer", 6),
    Column("ms", "ms", 5, justify="right"),
    Column("request", "Request", 30, grow=True),
)


class Wish(Enum):
    """What is wanted with a request."""

    REPLAY = "replay"
    RENAME = "rename"
    EXPORT = "export"
    FORGET = "forget"


@dataclass(frozen=True, slots=True)
class RequestWish:
    """What is wanted, with which request."""

    wish: Wish
    sent: SentQuery


class RequestsDialog(Dialog[RequestWish]):
    """Lists requests; enter puts the one under the cursor into the editor."""

    BINDINGS = bindings(REQUESTS_DIALOG)
    DEFAULT_CSS = """
    RequestsDialog {
        #box { width: 100%; max-width: 120; }
        #box Table { height: auto; min-height: 4; max-height: 12; }
        #one { height: 4; color: $text-muted; }
    }
    """
    AUTO_FOCUS = "Table"
    HAS_EQUIVALENT = False

    def __init__(self, title: str, requests: Sequence[SentQuery]) -> None:
        super().__init__(title)
        self._requests = {str(number): each for number, each in enumerate(requests)}

    def compose_body(self) -> Iterable[Widget]:
        """Show the list above request and answer of the one under the cursor."""
        yield Table(id="sent")
        yield Static(id="one", markup=False)

    def on_mount(self) -> None:
        """Fill the list."""
        table = self.query_one("#sent", Table)
        table.say("No requests yet: what you send is kept here.")
        table.show(list(self._requests), self._cell, COLUMNS)
        self._show_one()

    def _cell(self, key: str, column: str) -> Text:
        sent = self._requests[key]
        words = f"{sent.name}: " if sent.name else ""
        cells = {
            "at": Text(timestamp(sent.at)[:16] if sent.at else "example"),
            "version": plain(f"v{sent.version}" if sent.version else ""),
            "status": Text(str(sent.status) if sent.status else ""),
            "ms": Text(f"{sent.latency_ms:.0f}" if sent.status else ""),
            "request": plain(words, "bold") + plain(_on_one_line(sent.request, 200)),
        }
        return cells[column]

    @property
    def _current(self) -> SentQuery | None:
        return self._requests.get(self.query_one("#sent", Table).cursor_key or "")

    @on(Table.Highlighted)
    def _show_one(self) -> None:
        sent = self._current
        text = Text()
        if sent and sent.answer:
            text.append(f"{clock(sent.at)}  {_on_one_line(sent.answer, 120)}\n", "bold")
        text.append(_on_one_line(sent.request, 200) if sent else "")
        self.query_one("#one", Static).update(text)

    @on(Table.Opened)
    def _opened(self) -> None:
        self._wish(Wish.REPLAY)

    def _wish(self, wish: Wish) -> None:
        sent = self._current
        if sent is None:
            self.refuse("There is no request under the cursor.")
        elif not sent.at and wish in (Wish.RENAME, Wish.FORGET):
            self.refuse("The example belongs to the model.")
        else:
            self.dismiss(RequestWish(wish, sent))

    def action_rename(self) -> None:
        """Give the request a name."""
        self._wish(Wish.RENAME)

    def action_export(self) -> None:
        """Write the request to a file."""
        self._wish(Wish.EXPORT)

    def action_forget(self) -> None:
        """Delete the request from the list."""
        self._wish(Wish.FORGET)


def _on_one_line(text: str, most: int) -> str:
    return one_line(" ".join(text.split()), most)
