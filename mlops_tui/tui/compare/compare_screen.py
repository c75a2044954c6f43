"""The screen of a comparison."""

from collections.abc import Iterable, Sequence

from textual.widget import Widget

from mlops_tui.domain.models.model import ModelVersion
from mlops_tui.services.compare.run_importance import ViewedRuns
from mlops_tui.tui.compare.compare_pane import ComparePane
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic


class CompareScreen(ControlScreen):
    """Some runs beside each other, or versions of a model with their runs."""

    MODE = "experiments"
    TOPICS = frozenset({Topic.RUNS})
    AUTO_FOCUS = "#comparison"
    HELP = "Tabs with [ and ]; M chooses the metric, X what lies across; w writes a file."

    def __init__(
        self,
        run_ids: Sequence[str],
        metric: str = "",
        viewed: ViewedRuns | None = None,
        versions: Sequence[ModelVersion] = (),
    ) -> None:
        super().__init__()
        self.pane = ComparePane(run_ids, metric, viewed, versions)

    def compose_body(self) -> Iterable[Widget]:
        """Show the comparison."""
        yield self.pane

    @property
    def rests(self) -> bool:
        """Whether all the runs have ended."""
        return self.pane.rests

    async def load(self) -> None:
        """Read the runs anew: those that have ended more rarely."""
        await self.pane.load(anew=self.reads_anew)

    def copyable(self) -> str:
        """Return the comparison as Markdown; among curves, the points under the cursor."""
        return self.pane.copyable()
