"""Monitors: what drifted, and how well models still do."""

from collections.abc import Iterable

from textual.widget import Widget

from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.monitoring.monitoring_pane import MonitoringPane


class MonitoringScreen(ControlScreen):
    """Watch monitors, read their verdicts chunk by chunk, act on them."""

    MODE = "monitoring"
    TOPICS = frozenset({Topic.MONITORS, Topic.SERVERS, Topic.MODELS})
    AUTO_FOCUS = "#monitors"
    HELP = (
        "enter goes to the columns of the chunk, there to the details of one; [ and ] step through "
        "the chunks. Effect is the distance from the reference, Noise what it is without drift."
    )

    def compose_body(self) -> Iterable[Widget]:
        """Show the monitors."""
        yield MonitoringPane()

    async def load(self) -> None:
        """Read the monitors, and the chunk that is looked at."""
        await self.query_one(MonitoringPane).load()

    def go_to(self, monitor_id: str) -> None:
        """Put the cursor on a monitor as soon as it is listed."""
        self.query_one(MonitoringPane).go_to(monitor_id)

    def copyable(self) -> str:
        """Return the sentence of the verdict, or the name of the column under the cursor."""
        return self.query_one(MonitoringPane).copyable()

    def has_way_back(self) -> bool:
        """Return whether the focus is on the columns."""
        return not self.query("#monitors:focus")

    def action_back(self) -> None:
        """Go from the columns to the monitors."""
        self.query_one("#monitors").focus()
