"""The run under the cursor, beside the table."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from mlops_tui.domain.run import Run
from mlops_tui.tui.facts import facts, section
from mlops_tui.tui.formatting import elapsed, number, plain, status_cell, timestamp


class RunSummary(VerticalScroll, can_focus=False):
    """Name, state, metrics, params of one run."""

    _run: Run | None = None

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield Static(markup=False)

    def show(self, run: Run | None) -> None:
        """Show a run, or nothing."""
        is_changing = run is not None and run.ended_at is None
        if run != self._run or is_changing:
            self._run = run
            self.query_one(Static).update(summary(run) if run else Text(""))


def summary(run: Run) -> Text:
    """Return what is worth knowing of a run at a glance."""
    overview = facts(
        {
            "status": status_cell(run.status),
            "started": Text(timestamp(run.started_at) if run.started_at else ""),
            "took": Text(elapsed(run.started_at, run.ended_at)),
            "by": plain(run.user),
            "note": plain(run.note),
        }
    )
    return Text("\n").join(
        [
            plain(run.name, "bold"),
            overview,
            section("Metrics", {k: Text(number(v)) for k, v in sorted(run.metrics.items())}),
            section("Params", {k: plain(v) for k, v in sorted(run.params.items())}),
        ]
    )
