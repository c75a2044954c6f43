"""What is new over all experiments."""

from collections.abc import Iterable

from textual.widget import Widget

from mlops_tui.tui.feed.feed_pane import FeedPane
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic


class FeedScreen(ControlScreen):
    """The feed, opened from the Experiments screen."""

    MODE = "experiments"
    TOPICS = frozenset({Topic.RUNS, Topic.JOBS})
    HELP = (
        "Runs of all experiments: what runs first, then what ended last. An entry is new until you "
        "open it (enter) or mark it as read (m, A for all); it is new again when the run ends "
        "another time. 'NaN' says that the last value of a metric is not finite. Above stands what "
        "monitors tell (!), until somebody acknowledges it (K)."
    )

    def __init__(self) -> None:
        super().__init__()
        self.pane = FeedPane()

    def compose_body(self) -> Iterable[Widget]:
        """Hold the entries."""
        yield self.pane

    async def load(self) -> None:
        """Read what is new, unless nothing has changed."""
        await self.pane.load(anew=self.reads_anew)

    def copyable(self) -> str:
        """Return the id of the run under the cursor."""
        return self.pane.current.run_id if self.pane.current else ""
