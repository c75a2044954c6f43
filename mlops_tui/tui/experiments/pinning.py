"""Runs at the top of the table, or out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlops_tui.tui.experiments.run_view_screen import RunViewScreen

NO_RUN = "There is no run under the cursor."
ELSEWHERE = "The marked runs are of other experiments; M takes their marks away."


def pin(screen: RunViewScreen) -> None:
    """Pin the runs to the top, or no longer."""
    if ids := _here(screen):
        pinned = screen.run_list.view.pinned
        screen.view_as(pinned=pinned - ids if ids <= pinned else pinned | ids)


def hide(screen: RunViewScreen) -> None:
    """Hide the runs, saying how many these are."""
    if not (ids := _here(screen)):
        return
    marked = screen.shell.selection.ids
    screen.view_as(hidden=screen.run_list.view.hidden | ids)
    count = f"{len(ids):,} marked" if marked else "1"
    left = len(marked - ids)
    others = f" {left:,} marked of other experiments left as they are." if left else ""
    screen.tell(f"Hidden: {count}. Z shows them again.{others}")


def _here(screen: RunViewScreen) -> frozenset[str]:
    """Return the ids of the runs meant that are of the experiment shown, or say why none is.

    How runs are looked at is kept for each experiment.
    """
    runs = screen.targets()
    ids = frozenset(run.run_id for run in runs if run.experiment_id == screen.chosen)
    if not ids:
        screen.why_not(ELSEWHERE if runs else NO_RUN)
    return ids
