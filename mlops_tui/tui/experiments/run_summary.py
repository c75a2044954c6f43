"""The run under the cursor, beside the table."""

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from mlops_tui.domain.experiments.run_group import Group
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.runs.run import Run
from mlops_tui.tui.experiments.run_columns import column_title
from mlops_tui.tui.kit.facts import facts, section
from mlops_tui.tui.kit.formatting import (
    number,
    plain,
    run_count,
    status_cell,
    timestamp,
    took_in_words,
)

LONGEST = 60
"""Characters of a param: some two lines. The run's own page has all of it."""


class RunSummary(VerticalScroll, can_focus=False):
    """Name, state, metrics, params of one run; what a group of runs comes to."""

    _run: Run | Group | None = None

    def compose(self) -> ComposeResult:
        """Hold one text."""
        yield Static(markup=False)

    def show(self, run: Run | Group | None) -> None:
        """Show a run, a group, or nothing."""
        is_changing = isinstance(run, Run) and run.ended_at is None
        if run != self._run or is_changing:
            self._run = run
            self._write()

    def on_show(self) -> None:
        """Write what was not written while there was no room for it."""
        self._write()

    def _write(self) -> None:
        if self.display:
            self.query_one(Static).update(_text(self._run))


def _text(shown: Run | Group | None) -> Text:
    if shown is None:
        return Text("")
    return group_summary(shown) if isinstance(shown, Group) else summary(shown)


def summary(run: Run) -> Text:
    """Return what is worth knowing of a run at a glance."""
    overview = facts(
        {
            "status": status_cell(run.status),
            "started": Text(timestamp(run.started_at) if run.started_at else ""),
            "took": Text(took_in_words(run)),
            "by": plain(run.user),
            "note": plain(run.note),
        }
    )
    return Text("\n").join(
        [
            plain(run.name, "bold"),
            overview,
            section("Metrics", {k: Text(number(v)) for k, v in sorted(run.metrics.items())}),
            section(
                "Params", {k: plain(one_line(v, LONGEST)) for k, v in sorted(run.params.items())}
            ),
        ]
    )


def group_summary(group: Group) -> Text:
    """Return least, mean, greatest of each measure of a group."""
    parts = [plain(group.name, "bold"), Text(run_count(group.count))]
    for column, measure in group.measures.items():
        values = {"least": measure.least, "mean": measure.mean, "greatest": measure.greatest}
        found = {name: Text(number(value)) for name, value in values.items()}
        count = {"runs": Text(f"{measure.count:,}")} if measure.count != group.count else {}
        parts += [Text(), plain(column_title(column), "bold"), facts({**found, **count})]
    return Text("\n").join(parts)
