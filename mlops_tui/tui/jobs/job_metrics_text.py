"""The metrics of a job as they read in a line."""

from collections.abc import Collection, Sequence

from rich.text import Text

from mlops_tui.domain.jobs.watched_runs import WatchedRuns
from mlops_tui.domain.plain_text import one_line
from mlops_tui.domain.processes.process import RUN, ProcessRecord
from mlops_tui.domain.sweeps.sweep_plan import plan_of
from mlops_tui.tui.charts.run_style import RunStyle
from mlops_tui.tui.kit.formatting import number, plain

GAP = "  "


def metrics_line(seen: WatchedRuns, runs: Sequence[RunStyle], drawn: Collection[str]) -> Text:
    """Return which mark stands for which of several runs, then the values that are not drawn."""
    named = [plain(f"{run.mark} {run.name}", run.colour) for run in runs if len(runs) > 1]
    older = [Text("older runs are not shown", "dim")] if seen.has_more and named else []
    values = [
        Text.assemble(plain(key, "dim"), " ", number(value))
        for key, value in seen.values.items()
        if key not in drawn
    ]
    return Text(GAP).join([*named, *older, *values])


def why_no_charts(job: ProcessRecord, seen: WatchedRuns | None) -> str:
    """Return why a job has no metric to show."""
    if plan_of(job):
        return "A sweep: enter shows its trials."
    if job.is_attached and not job.details.get(RUN):
        return "Its runs are not known: attach to one by its run id to see its metrics."
    if seen is None:
        return "reading its metrics…"
    if seen.are_elsewhere:
        return f"Its metrics are in {one_line(job.store)}: open that store to see them."
    if seen.runs:
        return "It has logged no metric yet." if job.state.is_active else "It logged no metric."
    return "It has created no run yet." if job.state.is_active else "It created no run."
