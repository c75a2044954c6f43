"""Writes edits of runs to the store, with undo."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from mlops_tui.domain.errors import ServiceError
from mlops_tui.domain.runs.run_edit import DELETED, LIFECYCLE, STATUS, EditOutcome, describe_edits
from mlops_tui.services.feed import read_marks
from mlops_tui.services.runs import run_edits
from mlops_tui.tui.kit.messages import Topic
from mlops_tui.tui.kit.service_call import is_leaving
from mlops_tui.tui.kit.write import Write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mlops_tui.domain.runs.run import Run
    from mlops_tui.domain.runs.run_edit import RunEdit
    from mlops_tui.settings import Settings
    from mlops_tui.tui.runs.targeted_runs import TargetedRuns
    from mlops_tui.tui.shell import ServiceCalls


def edit_write(targets: TargetedRuns, edits: Sequence[RunEdit]) -> Write[EditOutcome]:
    """Return the write of edits; its undo takes back those that were done."""
    screen, shell = targets.screen, targets.screen.shell

    async def call(backend: ServiceCalls) -> EditOutcome:
        try:
            outcome = await _edit(backend, shell.settings, edits)
        finally:
            shell.selection.expect(())
        shell.selection.see(outcome.runs)
        shell.selection.unmark(
            e.run_id for e in outcome.done if e.field == LIFECYCLE and e.after == DELETED
        )
        return outcome

    def expect() -> None:
        shell.selection.expect(edits)
        show()

    def show(runs: tuple[Run, ...] = ()) -> None:
        if not is_leaving(screen):
            targets.show_edited(runs)
            targets.show()

    def undo(outcome: EditOutcome) -> Write[EditOutcome]:
        undone = tuple(edit.undone() for edit in reversed(outcome.done))
        return edit_write(targets, undone)

    return Write(
        title=describe_edits(edits),
        topic=Topic.RUNS,
        call=call,
        optimistic=expect,
        revert=show,
        confirm=lambda outcome: show(outcome.runs),
        undo=undo,
        done=lambda outcome: describe_edits(outcome.done),
        remaining=EditOutcome.left,
    )


async def _edit(backend: ServiceCalls, settings: Settings, edits: Sequence[RunEdit]) -> EditOutcome:
    outcome = await backend.call(run_edits.edit_runs, settings.store, edits)
    if any(edit.field == STATUS for edit in outcome.done):
        # The change itself is done, whether or not its mark can be kept.
        with suppress(ServiceError):
            see = read_marks.mark_own
            await backend.call(see, settings.state_dir, settings.store, outcome.runs)
    return outcome
