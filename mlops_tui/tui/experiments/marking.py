"""Marking many runs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlops_tui.tui.experiments.experiment_writing import ExperimentWritingScreen
    from mlops_tui.tui.runs.run_writing import RunWritingScreen

MOST_MARKED = 2_000
"""Runs that are marked at once: what can be done with the marked ones takes time for each."""


def mark_shown(screen: ExperimentWritingScreen) -> None:
    """Mark all runs shown; when they are marked already, take their marks away."""
    if missing := screen.run_list.missing(screen.run_list.shown()):
        screen.begin(_mark_many(screen, missing), opens=False)
    else:
        _mark_all(screen)


def clear_marks(screen: RunWritingScreen) -> None:
    """Take all marks away."""
    count = len(screen.shell.selection)
    screen.shell.selection.clear()
    screen.show_filtered()
    cleared = "1 mark cleared." if count == 1 else f"{count:,} marks cleared."
    screen.tell(cleared if count else "Nothing is marked.")


async def _mark_many(screen: ExperimentWritingScreen, missing: list[str]) -> None:
    from mlops_tui.services.experiments import run_arrangement

    if len(missing) > MOST_MARKED:
        screen.why_not(f"More than {MOST_MARKED:,} runs: filter them first.")
        return
    store, source = screen.shell.settings.store, screen.source
    screen.run_list.hold(await screen.ask(run_arrangement.rows_of, store, source, missing))
    _mark_all(screen)


def _mark_all(screen: ExperimentWritingScreen) -> None:
    basket = screen.shell.selection
    shown = screen.run_list.held(screen.run_list.shown())
    ids = [run.run_id for run in shown]
    if basket.ids.issuperset(ids):
        basket.unmark(ids)
    else:
        basket.mark(shown)
        if folded := len(screen.run_list.folded()):
            rows = "1 folded row" if folded == 1 else f"{folded:,} folded rows"
            screen.tell(f"Marked: {len(ids):,}, without those below {rows}; z unfolds.")
    screen.show_filtered()
