"""The last requests to an endpoint that failed."""

from collections.abc import Iterable

from rich.text import Text
from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.serving.endpoint_figures import EndpointFigures
from mlops_tui.tui.kit.dialog import Dialog
from mlops_tui.tui.serving.endpoint_text import error_lines


class ErrorsDialog(Dialog[None]):
    """Lists errors with their time, status and request id, the latest first."""

    AUTO_FOCUS = "#box"
    HAS_EQUIVALENT = False

    def __init__(self, title: str, figures: EndpointFigures) -> None:
        super().__init__(title)
        self._lines = tuple(error_lines(figures))

    def compose_body(self) -> Iterable[Widget]:
        """Show one error below the other."""
        yield Static(Text("\n").join(self._lines))

    def on_mount(self) -> None:
        """Focus the box, so that arrow keys scroll it."""
        box = self.query_one("#box")
        box.can_focus = True
        box.focus()
