"""The line that says why the data could not be read."""

from textual.widgets import Static

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.plain_text import one_line


class Banner(Static):
    """Shows a failure; hidden while there is none."""

    DEFAULT_CSS = """
    Banner {
        height: auto;
        max-height: 4;
        padding: 0 1;
        background: $error-muted;
        color: $text-error;
        display: none;
    }
    Banner.-shown { display: block; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def show_failure(self, error: ServiceError) -> None:
        """Show the failure; the data on the screen stay."""
        self.update(f"✗ {one_line(str(error), 600)}")
        self.add_class("-shown")

    def clear(self) -> None:
        """Hide the banner."""
        self.remove_class("-shown")
