"""The screen of one run."""

from collections.abc import Iterable

from textual.widget import Widget

from mlops_tui.domain.runs.silence import OPEN
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.run.run_page import RunPage


class RunScreen(ControlScreen):
    """One run in all its parts."""

    MODE = "experiments"
    TOPICS = frozenset({Topic.RUNS, Topic.MODELS})
    AUTO_FOCUS = "Tabs"
    HELP = (
        "Tabs with [ and ]; each has a filter of its own. Enter on a data set goes to the other "
        "runs that used the same. R registers a model of this run; esc goes back."
    )

    def __init__(self, run_id: str, model: str = "") -> None:
        super().__init__()
        self.page = RunPage(run_id, model)

    def compose_body(self) -> Iterable[Widget]:
        """Show the run."""
        yield self.page

    @property
    def rests(self) -> bool:
        """Whether the run has ended."""
        return self.page.detail is not None and self.page.detail.run.status not in OPEN

    async def load(self) -> None:
        """Read the run with all its parts."""
        await self.page.load(anew=self.reads_anew)

    def copyable(self) -> str:
        """Return the value under the cursor, else the run's id."""
        return self.page.copyable()
