"""Marking many runs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlops_tui.tui.experiments.runs_pane import RunsPane

MOST_MARKED = 2_000
"""Runs that are marked at once: what can be done with the marked ones takes time for each."""


def mark_shown(pane: RunsPane) -> None:
    """Mark all runs shown; when they are marked already, take their marks away."""
    if missing := pane.run_list.uncached(pane.run_list.shown()):
        pane.host.begin(_read_and_mark(pane, missing), opens=False)
    else:
        _mark_all(pane)


async def _read_and_mark(pane: RunsPane, missing: list[str]) -> None:
    from mlops_tui.services.experiments import run_arrangement

    if len(missing) > MOST_MARKED:
        pane.host.why_not(f"More than {MOST_MARKED:,} runs: filter them first.")
        return
    store, source = pane.shell.settings.store, pane.run_list.source
    pane.run_list.cache(await pane.host.ask(run_arrangement.rows_of, store, source, missing))
    _mark_all(pane)


def _mark_all(pane: RunsPane) -> None:
    selection = pane.shell.selection
    shown = pane.run_list.cached(pane.run_list.shown())
    ids = [run.run_id for run in shown]
    if selection.ids.issuperset(ids):
        selection.unmark(ids)
    else:
        selection.mark(shown)
        if folded := len(pane.run_list.folded()):
            rows = "1 folded row" if folded == 1 else f"{folded:,} folded rows"
            pane.host.tell(f"Marked: {len(ids):,}, without those below {rows}; z unfolds.")
    pane.show_runs()
