"""One sweep with its trials."""

from collections.abc import Iterable

from textual.widget import Widget

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.sweeps.sweep_pane import SweepPane


class SweepScreen(ControlScreen):
    """The trials of a sweep, live."""

    MODE = "training"
    TOPICS = frozenset({Topic.JOBS, Topic.RUNS})
    AUTO_FOCUS = "#trials"
    HELP = "Trials are compared by their last value; s puts the best first; C compares them."

    def __init__(self, job: ProcessRecord) -> None:
        super().__init__()
        self.pane = SweepPane(job)

    def compose_body(self) -> Iterable[Widget]:
        """Show the sweep."""
        yield self.pane

    @property
    def rests(self) -> bool:
        """Whether the sweep has ended."""
        return not self.pane.job.state.is_active

    async def load(self) -> None:
        """Read the sweep with its trials."""
        await self.pane.load()

    def copyable(self) -> str:
        """Return the command that makes the same sweep."""
        return self.pane.copyable()
