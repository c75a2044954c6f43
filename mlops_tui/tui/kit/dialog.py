"""The base class of every dialog."""

from collections.abc import Iterable
from typing import ClassVar, TypeVar

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.plain_text import one_line
from mlops_tui.tui.kit.key import bindings, why_read_only
from mlops_tui.tui.kit.key_bar import KeyBar
from mlops_tui.tui.kit.keys import DIALOG
from mlops_tui.tui.shell import Shell, shell_of

R = TypeVar("R")


class Dialog(ModalScreen[R | None]):
    """A modal box with title, body, error line and keys; its result is ``None`` if cancelled."""

    BINDINGS = bindings(DIALOG)
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        #box {
            width: 76;
            max-width: 100%;
            height: auto;
            max-height: 90%;
            background: $surface;
            border: round $primary;
            padding: 0 1;
        }
        &.-wide #box { width: 100; }
        #box .title { text-style: bold; margin-bottom: 1; }
        #box .explain { color: $text-muted; margin-bottom: 1; }
        #box .reason { color: $text-error; text-style: bold; height: auto; }
        #box Table { height: 5; }
        #box TextArea { height: 8; }
        #box TextArea.few-lines { height: 3; }
        #box Input { background: $boost; }
    }
    """
    AUTO_FOCUS = "Input, Table, Select"
    HAS_EQUIVALENT: ClassVar[bool] = True
    """Whether there is Python or a command line that does the same."""

    HORIZONTAL_BREAKPOINTS = [(110, "-wide")]

    def __init__(self, title: str) -> None:
        super().__init__()
        self.heading = title

    @property
    def shell(self) -> Shell:
        """The app around it."""
        return shell_of(self)

    def compose(self) -> ComposeResult:
        """Put the body between title and error line."""
        with VerticalScroll(id="box", can_focus=False):
            yield Static(Text(one_line(self.heading, 200)), classes="title")
            yield from self.compose_body()
            yield Static("", classes="reason", markup=False)
        yield KeyBar()

    def compose_body(self) -> Iterable[Widget]:
        """Return the widgets of the body."""
        return ()

    def equivalent(self) -> str:
        """Return the Python or command line that does the same."""
        return ""

    def has_equivalent(self) -> bool:
        """Return whether there is Python or a command line that does the same."""
        return self.HAS_EQUIVALENT

    def refuse(self, reason: str) -> None:
        """Show why the input is not valid; an empty reason clears that."""
        self.query_one(".reason", Static).update(f"✗ {one_line(reason, 600)}" if reason else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Disable copying if there is no equivalent, and the write keys in read-only mode."""
        if why_read_only(self, action) or (action == "copy" and not self.has_equivalent()):
            return False
        return super().check_action(action, parameters)

    def why_unavailable(self, action: str) -> str:
        """Say why a key is disabled."""
        if action == "copy":
            return "No Python or command line does the same."
        return why_read_only(self, action)

    def action_cancel(self) -> None:
        """Close; nothing is changed."""
        self.dismiss(None)

    def action_copy(self) -> None:
        """Copy the equivalent."""
        from mlops_tui.domain.with_store_uri import with_store_uri

        equivalent = self.equivalent()
        text = with_store_uri(equivalent, self.shell.settings.store) if equivalent else ""
        if text:
            self.shell.copy_to_clipboard(text)
            self.notify("Copied the equivalent Python or command.", markup=False)
        else:
            self.refuse("Nothing to copy yet: fill in the missing fields first.")
