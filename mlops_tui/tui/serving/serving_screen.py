"""Model servers, with a query for one of them."""

from collections.abc import Iterable

from textual.widget import Widget

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.serving.query_panel import QueryPanel
from mlops_tui.tui.serving.servers_pane import ServersPane


class ServingScreen(ControlScreen):
    """Watch servers, query them, stop them."""

    MODE = "serving"
    WHAT = "servers"
    TOPICS = frozenset({Topic.SERVERS, Topic.MODELS})
    AUTO_FOCUS = "#servers"
    HELP = "enter goes to the query of the server, ctrl+s sends it, esc comes back to the list."

    def compose_body(self) -> Iterable[Widget]:
        """Show the servers."""
        yield ServersPane()

    async def load(self) -> None:
        """Ask every server how it is."""
        if self.reads_anew:
            self.query_one(ServersPane).forget_versions()
        await self.query_one(ServersPane).load()

    def go_to(self, record: ProcessRecord) -> None:
        """Put the cursor on a server as soon as it is listed."""
        self.query_one(ServersPane).go_to(record)

    def copyable(self) -> str:
        """Return the command that starts the server."""
        return self.query_one(ServersPane).copyable()

    def has_way_back(self) -> bool:
        """Return whether the focus is on the query, or an answer is awaited."""
        is_sending = self.query_one(QueryPanel).is_sending
        return is_sending or not self.query("#servers:focus")

    def action_back(self) -> None:
        """Wait no longer for an answer; else leave the query for the list."""
        panel = self.query_one(QueryPanel)
        if panel.is_sending:
            panel.cancel()
        else:
            self.query_one("#servers").focus()
