"""Training jobs, below the load of this machine."""

from collections.abc import Iterable

from textual.widget import Widget

from mlops_tui.domain.processes.process import ProcessRecord
from mlops_tui.tui.jobs.jobs_pane import JobsPane
from mlops_tui.tui.jobs.machine_load import MachineLoadLine
from mlops_tui.tui.kit.control_screen import ControlScreen
from mlops_tui.tui.kit.messages import Topic


class TrainingScreen(ControlScreen):
    """Launch jobs, watch them, stop them."""

    MODE = "training"
    WHAT = "jobs"
    TOPICS = frozenset({Topic.JOBS})
    AUTO_FOCUS = "#jobs"
    HELP = (
        "n launches a job; it is detached: quitting or losing the connection leaves it running, "
        "or waiting until one of the slots (#) is free. x takes a waiting job out of the queue. "
        "M shows charts of what its runs log, in place of the log or beside it."
    )

    def compose_body(self) -> Iterable[Widget]:
        """Put the load of the machine above the jobs."""
        yield MachineLoadLine()
        yield JobsPane()

    async def load(self) -> None:
        """Read the load, the jobs, what is new in the log."""
        self.query_one(MachineLoadLine).renew()
        await self.query_one(JobsPane).load()

    def go_to(self, job: ProcessRecord) -> None:
        """Put the cursor on a job as soon as it is listed."""
        self.query_one(JobsPane).go_to(job)

    def expect(self, sentence: str) -> None:
        """Say what is being started until its row is there."""
        self.query_one(JobsPane).expect(sentence)

    def copyable(self) -> str:
        """Return the job's command line, in the charts the points under the cursor."""
        return self.query_one(JobsPane).copyable()

    def has_way_back(self) -> bool:
        """Return whether the list has lost the keys to what is below."""
        return self.focused is not None and self.focused.id != "jobs"

    def action_back(self) -> None:
        """Leave the log, or the charts, for the list."""
        self.query_one("#jobs").focus()

    def action_reread(self) -> None:
        """Read everything anew, also the metrics of jobs that have ended."""
        self.query_one(JobsPane).forget_metrics()
        super().action_reread()
