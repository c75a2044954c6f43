"""The Experiments screen."""

from collections.abc import Iterable

from textual.widget import Widget

from mlops_tui.tui.experiments.experiment_keys import EXPERIMENTS
from mlops_tui.tui.experiments.experiment_view import ExperimentView
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.key import bindings
from mlops_tui.tui.kit.messages import Topic


class ExperimentsScreen(ControlScreen):
    """Experiments at the left, the runs of one in a table."""

    MODE = "experiments"
    TOPICS = frozenset({Topic.RUNS, Topic.JOBS})
    BINDINGS = bindings(EXPERIMENTS)
    AUTO_FOCUS = "#runs"
    HELP = (
        "Pick an experiment at the left (tab), a run at the right; enter opens it. Keys that "
        "change something are about the marked runs (space), else the run under the cursor; in the "
        "left pane about the experiment. '? dead' says RUNNING, but has been silent for too long."
    )

    def __init__(self) -> None:
        super().__init__()
        self.experiment_view = ExperimentView()
        self.experiments = self.experiment_view.experiments
        self.runs = self.experiment_view.runs
        self.filters = self.runs.filter, self.experiments.filter

    @property
    def chosen(self) -> str | None:
        """The experiment whose runs are shown."""
        return self.experiments.chosen

    def compose_body(self) -> Iterable[Widget]:
        """Hold both lists."""
        yield self.experiment_view

    async def load(self) -> None:
        """Read experiments with the first page of runs, unless nothing has changed."""
        if not await self.experiments.read():
            return
        if self.chosen is None:
            self.runs.say_no_experiment(self.experiments.why_empty)
        else:
            await self.experiment_view.read_view()
            await self.runs.reader.read(self.poller.extent)
        self.runs.line.count_news()

    def on_screen_resume(self) -> None:
        """Count what is new in the feed again."""
        self.runs.line.expire_news()

    def copyable(self) -> str:
        """Return the id of the experiment or the run under the cursor."""
        if self.experiments.has_focus_within:
            return self.chosen or ""
        return self.runs.current.run_id if self.runs.current else ""

    def show_experiment(self, experiment_id: str) -> None:
        """Go to an experiment."""
        self.experiments.show_experiment(experiment_id)

    def action_new_experiment(self) -> None:
        """Create an experiment; go there."""
        self.begin(self.experiments.create())

    def action_feed(self) -> None:
        """Show what is new over all experiments."""
        self.shell.navigation.open_feed()
