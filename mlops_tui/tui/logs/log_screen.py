"""The log of one process over the whole screen."""

from collections.abc import Iterable

from textual.widget import Widget
from textual.widgets import Static

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.formatting import plain
from mlops_tui.tui.logs.log_pane import ProcessLog


class ProcessLogScreen(ControlScreen):
    """Follows a log; escape goes back."""

    AUTO_FOCUS = "LogView"
    HELP = (
        "The log follows its end until you scroll up; G follows again; / searches; esc goes back."
    )

    def __init__(self, mode: str, record: ProcessRecord) -> None:
        super().__init__()
        self.mode = mode
        self.record = record

    def compose_body(self) -> Iterable[Widget]:
        """Put the command above the log."""
        yield Static(plain(f"{self.record.title}: {' '.join(self.record.command)}", "dim"))
        yield ProcessLog(self.record.kind)

    async def load(self) -> None:
        """Read what is new."""
        log = self.query_one(ProcessLog)
        log.follow(self.record)
        await log.load()
