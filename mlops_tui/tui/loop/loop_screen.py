"""Where every registered model stands, and what needs a person."""

from collections.abc import Iterable

from textual.widget import Widget

from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.loop.loop_pane import LoopPane


class LoopScreen(ControlScreen):
    """One line per registered model, from its data to its retraining."""

    MODE = "loop"
    TOPICS = frozenset({Topic.MODELS, Topic.SERVERS, Topic.JOBS})
    HELP = (
        "One line per registered model, those that need you first: ! is broken, getting worse or "
        "waiting for you, > is a next step, … goes on by itself. enter does what is needed, or "
        "goes where it is done."
    )

    def __init__(self) -> None:
        super().__init__()
        self.pane = LoopPane()
        self.filters = (self.pane.filter,)

    def compose_body(self) -> Iterable[Widget]:
        """Show the models."""
        yield self.pane

    async def load(self) -> None:
        """Read models, endpoints, jobs."""
        await self.pane.load(anew=self.reads_anew)

    def copyable(self) -> str:
        """Return what is under the cursor."""
        return self.pane.copyable()
